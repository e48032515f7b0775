using Microsoft.Playwright;

namespace MLPipelines.Tests.Evaluation;

/// <summary>A report opened from its file, and everything that the browser complained about or asked for meanwhile.</summary>
internal sealed class OpenedReport(IPage page, string file) : IAsyncDisposable
{
    /// <summary>The page.</summary>
    public IPage Page => page;

    /// <summary>Errors, warnings, policy violations, dialogs: empty on a sound page.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What was asked for beside the file itself and data that it holds: empty on an offline page.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Milliseconds from the start of the navigation until the last chart was drawn.</summary>
    public int DrawnAfter { get; private set; }

    /// <summary>Writes the HTML to a file, opens it, and waits until all charts are drawn.</summary>
    public static async Task<OpenedReport> OpenAsync(
        IBrowser browser, string html, int width = 1280, ColorScheme colours = ColorScheme.Light, bool script = true)
    {
        var file = Path.Combine(Path.GetTempPath(), $"mlp-report-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html);
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = colours, JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = new OpenedReport(await context.NewPageAsync(), file);
        await opened.NavigateAsync(file, script);
        return opened;
    }

    private async Task NavigateAsync(string file, bool script)
    {
        var address = new Uri(file).AbsoluteUri;
        page.Console += (_, message) => Complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            Complaints.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                Requests.Add(request.Url);
        };
        await page.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error('policy violated: ' + e.violatedDirective + ' ' + e.blockedURI))");
        await page.GotoAsync(address);
        if (!script) return;

        await page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        DrawnAfter = await page.EvaluateAsync<int>("Number(document.documentElement.dataset.ready)");
    }

    /// <summary>How many elements match.</summary>
    public Task<int> CountAsync(string selector) => page.Locator(selector).CountAsync();

    /// <summary>The texts of all elements that match.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string selector) => await page.Locator(selector).AllTextContentsAsync();

    /// <summary>The middle of a cell of the heat map of <paramref name="size"/> classes, in the page as it is scrolled now.</summary>
    public async Task<(float X, float Y)> CellAsync(float row, float column, int size)
    {
        await page.Locator("#confusion-chart").ScrollIntoViewIfNeededAsync();
        var area = await page.Locator("#confusion-chart .nsewdrag").First.BoundingBoxAsync()
            ?? throw new InvalidOperationException("The heat map has no area.");
        return (area.X + ((column + 0.5f) / size * area.Width), area.Y + ((row + 0.5f) / size * area.Height));
    }

    /// <summary>The colour [red, green, blue] near the corner of a cell of the heat map’s picture, as it was drawn.</summary>
    public Task<int[]> CellColourAsync(int row, int column, int size) => page.EvaluateAsync<int[]>(
        """
        async ([row, column, size]) => {
          const drawn = new Image();
          drawn.src = document.querySelector("#confusion-chart .heatmaplayer image").href.baseVal;
          await drawn.decode();
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [drawn.width, drawn.height];
          const pen = canvas.getContext("2d");
          pen.drawImage(drawn, 0, 0);
          return [...pen.getImageData((column + 0.5) / size * drawn.width, (row + 0.5) / size * drawn.height, 1, 1).data.slice(0, 3)];
        }
        """,
        new[] { row, column, size });

    /// <summary>How many pixels the page is wider than its window.</summary>
    public Task<int> OverflowAsync() => page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Fails if the browser complained or asked for anything.</summary>
    public void MustBeSound()
    {
        Assert.AreEqual("", string.Join("\n", Complaints), "the browser complained");
        Assert.AreEqual("", string.Join("\n", Requests), "the page asked for something outside");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await page.Context.CloseAsync();
        File.Delete(file);
    }
}
