namespace MLPipelines.Cli.Terminal;

/// <summary>Makes sure that a result can be written before the work for it begins.</summary>
internal static class OutputFile
{
    /// <summary>Tries the folder of each file that is to be written; folders that do not exist yet are made.</summary>
    /// <exception cref="CommandFailedException">One of them cannot be written.</exception>
    public static void Check(params IEnumerable<string?> paths)
    {
        foreach (var path in paths.OfType<string>())
        {
            if (Directory.Exists(path))
                throw new CommandFailedException(ExitCode.Failed, $"'{path}' is a folder; the name of a file was expected.");
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var probe = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
            try
            {
                Directory.CreateDirectory(folder);
                using var _ = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException(ExitCode.Failed, $"'{path}' cannot be written: no file can be made in '{folder}'. Choose another place.", failure);
            }
        }
    }
}
