namespace MLPipelines.Learning;

/// <summary>The files of a training's checkpoints, held for one training at a time.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly CheckpointSettings settings;
    private readonly FileStream hold;

    /// <summary>Makes the folder where there is none, and holds it.</summary>
    /// <exception cref="IOException">The folder cannot be made or written, or another training writes into it.</exception>
    public CheckpointFolder(CheckpointSettings settings)
    {
        this.settings = settings;
        try
        {
            Directory.CreateDirectory(settings.Folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot make the folder of checkpoints '{settings.Folder}': {error.Message} Choose another.", error);
        }

        hold = Hold(Path.Combine(settings.Folder, "training.lock"));
    }

    public string Last => Path.Combine(settings.Folder, "last.checkpoint");

    public string Best => Path.Combine(settings.Folder, "best.checkpoint");

    /// <summary>Whether the training goes on from <see cref="Last"/>.</summary>
    /// <exception cref="IOException">What is in the folder is not what was asked for.</exception>
    public bool MustResume()
    {
        var isThere = File.Exists(Last);
        return settings.Start switch
        {
            CheckpointStart.New when isThere => throw new IOException(
                $"The folder '{settings.Folder}' holds the checkpoint of a training already: resume it, or choose an empty folder."),
            CheckpointStart.Resume when !isThere => throw new FileNotFoundException(
                $"There is no training to go on with: '{Last}' does not exist. Name the folder of an earlier training, or begin anew.", Last),
            _ => isThere,
        };
    }

    /// <summary>The name under which an epoch's checkpoint is kept; null where it is not.</summary>
    public string? KeptAfter(int epoch) =>
        settings.KeepEveryEpochs > 0 && epoch % settings.KeepEveryEpochs == 0 ? Path.Combine(settings.Folder, $"epoch-{epoch:D4}.checkpoint") : null;

    /// <summary>Whether the last checkpoint is written after so many batches of an epoch.</summary>
    public bool IsDueAfter(int batches) => settings.EveryBatches > 0 && batches % settings.EveryBatches == 0;

    public void Dispose() => hold.Dispose();

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Cannot use the folder of checkpoints '{Path.GetDirectoryName(path)}': {error.Message} Either another training is writing into it, "
                + "or this user may not write there; wait, or choose another folder.",
                error);
        }
    }
}
