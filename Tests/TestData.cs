namespace MLPipelines.Tests;

/// <summary>Where the real data sets lie: <c>MLPIPELINES_DATA</c>, else <c>../shared/data</c> beside the repository.</summary>
internal static class TestData
{
    /// <summary>The root of the repository: the folder that holds MLPipelines.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of the data sets, or null where there is none.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a data file or folder; where it is absent the test is reported as inconclusive, with the reason.</summary>
    public static string Require(string relativePath)
    {
        var path = Root is null ? null : Path.Combine(Root, relativePath);
        if (path is null || !(File.Exists(path) || Directory.Exists(path)))
            Assert.Inconclusive($"Needs the data set '{relativePath}': set MLPIPELINES_DATA to the folder that holds it.");
        return path!;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MLPipelines.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No MLPipelines.sln above {AppContext.BaseDirectory}.");
    }

    private static string? FindRoot()
    {
        var named = Environment.GetEnvironmentVariable("MLPIPELINES_DATA");
        var root = string.IsNullOrEmpty(named) ? Path.GetFullPath(Path.Combine(FindRepository(), "..", "shared", "data")) : named;
        return Directory.Exists(root) ? root : null;
    }
}
