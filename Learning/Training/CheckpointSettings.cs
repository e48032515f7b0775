namespace MLPipelines.Learning;

/// <summary>What a training does with checkpoints that are there already.</summary>
public enum CheckpointStart
{
    /// <summary>Begins anew, and refuses a folder that holds a training.</summary>
    New,

    /// <summary>Goes on from the last checkpoint, and begins anew where there is none.</summary>
    ResumeOrNew,

    /// <summary>Goes on from the last checkpoint, which must be there.</summary>
    Resume,
}

/// <summary>Where and how often a training is written down, so that it can go on bit for bit after whatever ended it.</summary>
/// <remarks>
/// The folder holds <c>last.checkpoint</c>, <c>best.checkpoint</c> where a metric is watched, and <c>epoch-0010.checkpoint</c>…; each is
/// written as a whole or not at all. One training at a time uses a folder.
/// </remarks>
public sealed record CheckpointSettings
{
    /// <summary>The folder; it is made where there is none.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether to go on from what is there.</summary>
    public CheckpointStart Start { get; init; }

    /// <summary>The last checkpoint is written after every epoch, and within one after so many batches; 0 for only after epochs.</summary>
    public int EveryBatches { get; init; }

    /// <summary>Every so many epochs a checkpoint is kept under its own name; 0 for none.</summary>
    public int KeepEveryEpochs { get; init; }

    internal void Check(SettingProblems problems)
    {
        problems.Require(!string.IsNullOrWhiteSpace(Folder), Folder, "the path of a folder");
        problems.Require(Enum.IsDefined(Start), Start, "New, ResumeOrNew or Resume");
        problems.Require(EveryBatches >= 0, EveryBatches, "at least 0");
        problems.Require(KeepEveryEpochs >= 0, KeepEveryEpochs, "at least 0");
    }
}
