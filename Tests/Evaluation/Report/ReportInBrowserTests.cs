using System.Globalization;
using Microsoft.Playwright;
using MLPipelines.Evaluation;
using static MLPipelines.Tests.Evaluation.ReportSamples;

namespace MLPipelines.Tests.Evaluation;

/// <summary>The report as its reader meets it. Of class c, 2·(c mod 5) of 20 images are taken for the next class.</summary>
[TestClass]
public sealed class ReportInBrowserTests
{
    private static readonly string[] Ten = Names(10);
    private static Chromium? browser;

    public required TestContext TestContext { get; init; }

    [ClassInitialize]
    public static async Task Launch(TestContext context) => browser = await Chromium.LaunchAsync();

    [ClassCleanup]
    public static async Task Close()
    {
        if (browser is not null) await browser.DisposeAsync();
    }

    [TestMethod]
    public async Task Every_chart_is_drawn_with_all_its_marks_and_nothing_is_asked_from_outside()
    {
        var evaluation = Evaluated(Ten);
        await using var report = await Open(Html(evaluation, new() { Calibration = new(1.5, evaluation), Thumbnails = _ => Png }));

        // 10 on the diagonal, and off it 8 classes with mistakes (c mod 5 is not 0).
        Assert.AreEqual(1, await report.CountAsync("#confusion-chart .heatmaplayer image"));
        Assert.AreEqual(18, await report.CountAsync("#confusion-chart .scatterlayer text"));
        CollectionAssert.AreEquivalent(
            new[] { "20", "18", "2", "16", "4", "14", "6", "12", "8", "20", "18", "2", "16", "4", "14", "6", "12", "8" },
            (await report.TextsAsync("#confusion-chart .scatterlayer text")).ToArray());

        var bins = evaluation.Calibration.Bins.Count(bin => bin.Weight > 0);
        foreach (var index in new[] { 0, 1 })
        {
            Assert.AreEqual(3 * bins, await report.CountAsync($"#reliability-{index} .barlayer .point path"));
            Assert.AreEqual(1, await report.CountAsync($"#reliability-{index} .scatterlayer path.js-line"));
            Assert.AreEqual(2 * evaluation.Calibration.Histogram.Count, await report.CountAsync($"#confidence-{index} .barlayer .point path"));
        }

        Assert.AreEqual(10, await report.CountAsync("#topk-chart .scatterlayer .point"));
        report.MustBeSound();
        TestContext.WriteLine($"All charts drawn after {report.DrawnAfter} ms.");
    }

    [TestMethod]
    public async Task The_heat_map_has_truth_on_y_and_prediction_on_x_and_paints_right_blue_and_wrong_orange()
    {
        await using var report = await Open(Html(Evaluated(Ten)));

        var right = await report.CellColourAsync(0, 0, 10);
        var wrong = await report.CellColourAsync(4, 5, 10);
        var mirrored = await report.CellColourAsync(5, 4, 10);

        Assert.IsGreaterThan(right[0] + 60, right[2], "a right cell is blue");
        Assert.IsGreaterThan(wrong[2] + 60, wrong[0], "class 4 taken for class 5 stands in row 4, column 5, and is orange");
        CollectionAssert.AreEqual(new[] { 255, 255, 255 }, mirrored, "class 5 was never taken for class 4");
        Assert.AreEqual("Predicted", (await report.TextsAsync("#confusion-chart .xtitle")).Single());
        Assert.AreEqual("Truth", (await report.TextsAsync("#confusion-chart .ytitle")).Single());
    }

    [TestMethod]
    public async Task Pointing_at_a_cell_says_it_in_words()
    {
        await using var report = await Open(Html(Evaluated(Ten)));

        var (x, y) = await report.CellAsync(3, 4, 10);
        await report.Page.Mouse.MoveAsync(x, y);

        await Assertions.Expect(report.Page.Locator("#tip"))
            .ToHaveTextAsync("6 of 20 class 3 taken for class 4 (30.0 %); 33.3 % of all that was called class 4");
    }

    [TestMethod]
    public async Task A_click_on_a_wrong_cell_shows_its_images_and_another_shows_all_again()
    {
        await using var report = await Open(Html(Evaluated(Ten), new() { Thumbnails = _ => Png }));
        Assert.AreEqual(12, await report.CountAsync(".mistake:visible"));

        var (x, y) = await report.CellAsync(3, 4, 10);
        await report.Page.Mouse.ClickAsync(x, y);

        await Assertions.Expect(report.Page.Locator("#mistakes-shown")).ToHaveTextAsync("class 3 taken for class 4: 6 of the 40 images here");
        Assert.AreEqual(6, await report.CountAsync(".mistake:visible"));
        await report.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(report.Page.Locator(".mistake:visible")).ToHaveCountAsync(40);
    }

    [TestMethod]
    public async Task A_pair_of_the_table_shows_its_images_too()
    {
        await using var report = await Open(Html(Evaluated(Ten)));

        await report.Page.Locator("button[data-pair='2,3']").FocusAsync();
        await report.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(report.Page.Locator(".mistake:visible")).ToHaveCountAsync(4);
    }

    [TestMethod]
    public async Task The_switch_shows_shares_of_the_truth_and_of_the_answers()
    {
        await using var report = await Open(Html(Evaluated("cat", "dog")));

        await report.Page.Locator("#confusion-mode button[value=actual]").ClickAsync();
        CollectionAssert.AreEqual(new[] { "100", "10", "90" }, (await report.TextsAsync("#confusion-chart .scatterlayer text")).ToArray());
        await report.Page.Locator("#confusion-mode button[value=predicted]").ClickAsync();
        CollectionAssert.AreEqual(new[] { "90", "9", "100" }, (await report.TextsAsync("#confusion-chart .scatterlayer text")).ToArray());
        Assert.AreEqual("true", await report.Page.Locator("#confusion-mode button[value=predicted]").GetAttributeAsync("aria-pressed"));
    }

    [TestMethod]
    public async Task The_matrix_can_be_ordered_with_the_worst_class_first()
    {
        await using var report = await Open(Html(Evaluated("cat", "dog", "fox")));

        await report.Page.Locator("#confusion-order").SelectOptionAsync("worst");

        CollectionAssert.AreEqual(new[] { "fox", "dog", "cat" }, (await report.TextsAsync("#confusion-chart .ytick text")).ToArray());
    }

    [TestMethod]
    public async Task The_table_of_classes_sorts_by_mouse_and_by_keyboard_and_filters()
    {
        await using var report = await Open(Html(Evaluated(Names(40))));
        var first = report.Page.Locator("#classes-table tbody tr:visible th").First;
        Assert.AreEqual("ascending", await report.Page.Locator("#classes-table th:has-text('F1')").GetAttributeAsync("aria-sort"));

        await report.Page.Locator("th button:text-is('Class')").ClickAsync();
        await Assertions.Expect(first).ToHaveTextAsync("class 0");
        await report.Page.Locator("th button:text-is('Class')").FocusAsync();
        await report.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(first).ToHaveTextAsync("class 39");
        Assert.AreEqual("descending", await report.Page.Locator("th:has(button:text-is('Class'))").GetAttributeAsync("aria-sort"));
        Assert.AreEqual("none", await report.Page.Locator("#classes-table th:has-text('F1')").GetAttributeAsync("aria-sort"));

        await report.Page.Locator("input[type=search]").FillAsync("CLASS 3");
        Assert.AreEqual(11, await report.CountAsync("#classes-table tbody tr:visible"));
        await Assertions.Expect(report.Page.Locator("#classes-table-shown")).ToHaveTextAsync("11 of 40 classes");
    }

    [TestMethod]
    public async Task Undefined_values_stay_last_whichever_way_the_table_is_sorted()
    {
        var rows = ScoredRows.Of(["a", "b", "never"], ["a", "b", "b"], [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.8, 0.1, 0.1]]);
        await using var report = await Open(Html(ClassificationEvaluation.Of(rows)));
        var button = report.Page.Locator("th button:text-is('Recall')");

        await button.ClickAsync();
        CollectionAssert.AreEqual(new[] { "b", "a", "never" }, (await report.TextsAsync("#classes-table tbody th")).ToArray());
        await button.ClickAsync();
        CollectionAssert.AreEqual(new[] { "a", "b", "never" }, (await report.TextsAsync("#classes-table tbody th")).ToArray());
    }

    [TestMethod]
    public async Task Hostile_names_do_nothing_and_show_as_they_are()
    {
        await using var report = await Open(Html(Evaluated(HostileNames),
            new() { Title = HostileNames[2], Warnings = HostileNames, Used = [new(HostileNames[0], [new(HostileNames[1], HostileNames[2])])] }));

        var (x, y) = await report.CellAsync(1, 2, HostileNames.Length);
        await report.Page.Mouse.MoveAsync(x, y);
        await Assertions.Expect(report.Page.Locator("#tip")).ToContainTextAsync(HostileNames[2]);

        report.MustBeSound();
        Assert.AreEqual(HostileNames[2], await report.Page.TitleAsync());
        CollectionAssert.Contains((await report.TextsAsync("#confusion-chart .ytick text")).ToArray(), HostileNames[0][..21] + "…");
        Assert.AreEqual(0, await report.CountAsync("img, main script, main b:not(.account b), main a"));
    }

    [TestMethod]
    [DataRow(390), DataRow(768), DataRow(1280)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        string[] names = ["Pneumonoultramicroscopicsilicovolcanoconiosis", "Ankle boots and other footwear of leather, above the ankle", "a",
            .. HostileNames, .. Names(20)];
        var evaluation = Evaluated(names);
        await using var report = await Open(
            Html(evaluation, new()
            {
                Title = new string('x', 90), Subtitle = new string('/', 200), Calibration = new(2, evaluation), Thumbnails = _ => Png,
                Used = [new("Data", [new("hash", new string('f', 128), IsCode: true)])],
            }),
            width);

        Assert.AreEqual(0, await report.OverflowAsync());
    }

    [TestMethod]
    public async Task Dark_colours_follow_the_system_and_the_switch_overrides_it()
    {
        await using var report = await Open(Html(Evaluated(Ten)), colours: ColorScheme.Dark);
        Assert.AreEqual("rgb(20, 23, 28)", await BackgroundAsync(report));
        Assert.AreEqual("dark", await report.Page.Locator("#confusion-chart").GetAttributeAsync("data-drawn"));
        CollectionAssert.AreEqual(new[] { 20, 23, 28 }, await report.CellColourAsync(5, 4, 10));

        await report.Page.Locator("#theme").ClickAsync();

        Assert.AreEqual("rgb(255, 255, 255)", await BackgroundAsync(report));
        Assert.AreEqual("false", await report.Page.Locator("#theme").GetAttributeAsync("aria-pressed"));
        CollectionAssert.AreEqual(new[] { 255, 255, 255 }, await report.CellColourAsync(5, 4, 10));
    }

    [TestMethod]
    public async Task Paper_is_light_and_shows_the_whole_lists()
    {
        await using var report = await Open(Html(Evaluated(Ten)), colours: ColorScheme.Dark);

        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await report.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        Assert.AreEqual("rgb(255, 255, 255)", await BackgroundAsync(report));
        Assert.AreEqual("light", await report.Page.Locator("#topk-chart").GetAttributeAsync("data-drawn"));
        Assert.AreEqual(40, await report.CountAsync(".mistake:visible"));
    }

    [TestMethod]
    public async Task Without_a_script_everything_is_there_as_text_and_tables()
    {
        await using var report = await browser!.OpenAsync(Html(Evaluated(Ten)), script: false);

        Assert.AreEqual(100, await report.CountAsync("#confusion-table td:visible"));
        Assert.AreEqual(10, await report.CountAsync("#classes-table tbody tr:visible"));
        Assert.AreEqual(40, await report.CountAsync(".mistake:visible"));
        Assert.AreEqual(0, await report.CountAsync(".chart:visible, .tools:visible"));
        report.MustBeSound();
    }

    [TestMethod]
    public async Task A_thousand_classes_open_and_the_worst_can_be_looked_at()
    {
        var html = Html(ClassificationEvaluation.Of(Rows(10, Names(1000))));
        await using var report = await Open(html);
        TestContext.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"1,000 classes: {html.Length:N0} characters, all charts drawn after {report.DrawnAfter} ms."));

        Assert.AreEqual(1000, await report.CountAsync("#classes-table tbody tr"));
        Assert.IsLessThan(60, await report.CountAsync("#confusion-chart .ytick text"));
        await report.Page.Locator("#confusion-worst").ClickAsync();

        Assert.AreEqual(20, await report.CountAsync("#confusion-chart .ytick text"));
        Assert.AreEqual("class 4", (await report.TextsAsync("#confusion-chart .ytick text"))[0]);
        await report.Page.Locator("#confusion-all").ClickAsync();
        Assert.IsGreaterThan(20, await report.CountAsync("#confusion-chart .ytick text"));
        report.MustBeSound();
    }

    [TestMethod]
    public async Task An_area_of_a_large_matrix_can_be_enlarged_by_dragging()
    {
        await using var report = await Open(Html(Evaluated(Names(100))));

        var (fromX, fromY) = await report.CellAsync(9.6f, 9.6f, 100);
        var (toX, toY) = await report.CellAsync(29.4f, 29.4f, 100);
        await report.Page.Mouse.MoveAsync(fromX, fromY);
        await report.Page.Mouse.DownAsync();
        await report.Page.Mouse.MoveAsync(toX, toY, new() { Steps = 5 });
        await report.Page.Mouse.UpAsync();

        await Assertions.Expect(report.Page.Locator("#confusion-all")).ToBeVisibleAsync();
        CollectionAssert.AreEqual(Names(100)[10..30], (await report.TextsAsync("#confusion-chart .ytick text")).ToArray());
        Assert.IsGreaterThan(20, await report.CountAsync("#confusion-chart .scatterlayer text"));
        report.MustBeSound();
    }

    private static Task<OpenedReport> Open(string html, int width = 1280, ColorScheme colours = ColorScheme.Light) =>
        browser!.OpenAsync(html, width, colours);

    private static Task<string> BackgroundAsync(OpenedReport report) =>
        report.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
