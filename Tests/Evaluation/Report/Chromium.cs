using Microsoft.Playwright;

namespace MLPipelines.Tests.Evaluation;

/// <summary>The browser of the machine, for one class of tests: <c>MLPIPELINES_CHROMIUM</c>, else Chromium or Chrome where systems usually have it.</summary>
internal sealed class Chromium(IPlaywright playwright, IBrowser browser) : IAsyncDisposable
{
    private static readonly string[] UsualPlaces =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private static string? Place { get; } = Environment.GetEnvironmentVariable("MLPIPELINES_CHROMIUM") is { Length: > 0 } named ? named
        : UsualPlaces.FirstOrDefault(File.Exists);

    /// <summary>Starts it; where there is none the test is reported as inconclusive, with the reason.</summary>
    public static async Task<Chromium> LaunchAsync()
    {
        if (!File.Exists(Place)) Assert.Inconclusive($"Needs a Chromium browser; '{Place}' is none. Set MLPIPELINES_CHROMIUM to its path.");
        Assertions.SetDefaultExpectTimeout(30_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Place, Args = ["--no-sandbox", "--disable-gpu"] });
        return new Chromium(playwright, browser);
    }

    /// <summary>Opens a report and waits until all its charts are drawn.</summary>
    public Task<OpenedReport> OpenAsync(string html, int width = 1280, ColorScheme colours = ColorScheme.Light, bool script = true) =>
        OpenedReport.OpenAsync(browser, html, width, colours, script);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        playwright.Dispose();
    }
}
