using Microsoft.Playwright;

namespace MLPipelines.Tests.Evaluation;

/// <summary>The browser of the machine: <c>MLPIPELINES_CHROMIUM</c>, else Chromium or Chrome where systems usually have it.</summary>
internal static class Chromium
{
    private static readonly string[] UsualPlaces =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    /// <summary>Its path, or null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("MLPIPELINES_CHROMIUM") is { Length: > 0 } named ? named
        : UsualPlaces.FirstOrDefault(File.Exists);

    /// <summary>Starts it; where there is none the test is reported as inconclusive, with the reason.</summary>
    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (!File.Exists(Path)) Assert.Inconclusive($"Needs a Chromium browser; '{Path}' is none. Set MLPIPELINES_CHROMIUM to its path.");
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = ["--no-sandbox", "--disable-gpu"] });
    }
}
