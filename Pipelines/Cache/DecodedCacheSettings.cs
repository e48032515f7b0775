namespace MLPipelines.Pipelines;

/// <summary>Where decoded images are kept between runs, how many of them, and when they are trusted; the defaults fit training.</summary>
public sealed record DecodedCacheSettings
{
    /// <summary>The environment variable that names the folder of all of MLPipelines' caches.</summary>
    public const string FolderVariable = "MLPIPELINES_CACHE";

    /// <summary>No file is written or read: images are decoded into memory, in every run.</summary>
    public static DecodedCacheSettings Off { get; } = new() { IsOff = true };

    /// <summary>
    /// Where caches lie unless <see cref="Folder"/> says otherwise: <c>decoded</c> in the folder that <see cref="FolderVariable"/> names, else in
    /// <c>mlpipelines</c> in the user's folder for caches (<c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>, <c>~/Library/Caches</c>,
    /// <c>%LOCALAPPDATA%</c>).
    /// </summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(UserCaches, "mlpipelines"),
        "decoded");

    /// <summary>The folder of the cache files, made where it is missing; null is <see cref="DefaultFolder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>How many bytes the folder's cache files may take; those used longest ago are removed first, those in use never. 10 GiB by
    /// default.</summary>
    public long LimitBytes { get; init; } = 10L << 30;

    /// <summary>Whether images are decoded into memory and no file is written or read; false by default.</summary>
    public bool IsOff { get; init; }

    /// <summary>
    /// Whether an image file whose length and time of last change are those of the last run is taken for unchanged, without reading it; true by
    /// default. False reads every file in every run, for data sets whose files are replaced under their old time.
    /// </summary>
    public bool TrustFileTimes { get; init; } = true;

    /// <summary>The clock that decides what was used longest ago.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    private static string UserCaches
    {
        get
        {
            // The XDG base directory specification: a path that is not absolute is to be passed over.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } caches && Path.IsPathFullyQualified(caches)) return caches;
            if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) return Path.GetTempPath();
            return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
        }
    }

    /// <summary>Checks the settings.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="ArgumentException">The limit is below 1.</exception>
    public DecodedCacheSettings Validate() => LimitBytes >= 1 ? this : throw new ArgumentException(
        $"{nameof(DecodedCacheSettings)}.{nameof(LimitBytes)} is {LimitBytes}; it must be at least 1. To keep no files, set {nameof(IsOff)} "
        + "(mlp: --no-cache).");
}
