using Microsoft.Playwright;
using MLPipelines.Learning;
using MLPipelines.Tests.Learning;
using static MLPipelines.Tests.Evaluation.ReportSamples;

namespace MLPipelines.Tests.Evaluation;

/// <summary>The sections of a training as their reader meets them.</summary>
[TestClass]
public sealed class TrainingInBrowserTests
{
    private const string ClassLines = "#training-classes-chart .scatterlayer path.js-line";
    private static readonly string[] Ten = Names(10);
    private static Chromium? browser;

    [ClassInitialize]
    public static async Task Launch(TestContext context) => browser = await Chromium.LaunchAsync();

    [ClassCleanup]
    public static async Task Close()
    {
        if (browser is not null) await browser.DisposeAsync();
    }

    [TestMethod]
    public async Task The_curves_of_both_parts_are_drawn_with_marks_where_it_was_best_ended_and_the_rate_fell()
    {
        await using var report = await Open(SampleHistories.Of(Ten, 12));

        Assert.AreEqual(2, await report.CountAsync("#training-loss .scatterlayer path.js-line"));
        Assert.AreEqual(2, await report.CountAsync("#training-share .scatterlayer path.js-line"));
        Assert.AreEqual(1, await report.CountAsync("#training-rate .scatterlayer path.js-line"));
        Assert.AreEqual(24, await report.CountAsync("#training-loss .scatterlayer .point"));
        foreach (var id in new[] { "training-loss", "training-share", "training-rate" })
            Assert.AreEqual(3, await report.CountAsync($"#{id} .shapelayer path"), "best epoch, early stop, one fall of the rate");
        CollectionAssert.AreEqual(
            new[] { "validation", "training", "best epoch, 12", "stopped early", "learning rate lowered" }, (await report.TextsAsync("#training .legend .key")).ToArray());
        report.MustBeSound();
    }

    [TestMethod]
    public async Task The_chart_of_accuracy_shows_macro_F1_too()
    {
        await using var report = await Open(SampleHistories.Of(Ten, 4));

        await report.Page.Locator("#training-share-mode button[value=macroF1]").ClickAsync();

        await Assertions.Expect(report.Page.Locator("#training-share-name")).ToHaveTextAsync("Macro F1");
        report.MustBeSound();
    }

    [TestMethod]
    public async Task The_weakest_classes_are_on_and_each_is_switched_by_mouse_and_by_keyboard()
    {
        await using var report = await Open(SampleHistories.Of(Ten, 8));
        var lines = report.Page.Locator(ClassLines);
        CollectionAssert.AreEqual(
            (await report.TextsAsync("#training-classes-switches label span")).Take(5).ToArray(),
            (await report.TextsAsync("#training-classes-switches label:has(:checked) span")).ToArray());
        await Assertions.Expect(lines).ToHaveCountAsync(5);

        await report.Page.Locator("#training-classes-switches button[value=none]").ClickAsync();
        await Assertions.Expect(lines).ToHaveCountAsync(0);
        await report.Page.Locator("#training-classes-switches input").Nth(7).FocusAsync();
        await report.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(lines).ToHaveCountAsync(1);
        await report.Page.Locator("#training-classes-switches button[value=all]").FocusAsync();
        await report.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(lines).ToHaveCountAsync(10);
        await report.Page.Locator("#training-classes-switches label").First.ClickAsync();
        await Assertions.Expect(lines).ToHaveCountAsync(9);
        await report.Page.Locator("#training-classes-switches button[value=worst]").ClickAsync();
        await Assertions.Expect(lines).ToHaveCountAsync(5);
        report.MustBeSound();
    }

    [TestMethod]
    public async Task The_curves_of_a_class_are_its_F1_precision_and_recall_of_either_part()
    {
        var history = SampleHistories.Of(["cat", "dog", "fox"], 4);
        await using var report = await Open(history);

        foreach (var part in new[] { "validation", "training" })
        {
            await report.Page.Locator($"#training-classes-part button[value={part}]").ClickAsync();
            foreach (var metric in new[] { "f1", "precision", "recall" })
            {
                await report.Page.Locator($"#training-classes-mode button[value={metric}]").ClickAsync();
                var drawn = await report.Page.EvaluateAsync<double[]>("document.querySelector('#training-classes-chart').data[0].y");
                var weakest = (await report.TextsAsync("#training-classes-switches label span"))[0];
                var expected = TrainingMetric.Parse($"{(part == "validation" ? "val_" : "")}{metric}[{weakest}]", history.Labels);
                CollectionAssert.AreEqual(history.Epochs.Select(expected.Of).ToArray(), drawn, $"{part} {metric}");
            }
        }
    }

    [TestMethod]
    public async Task Weights_of_classes_are_drawn_where_they_change()
    {
        var history = SampleHistories.Of(["cat", "dog"], 3);
        await using var plain = await Open(history);
        await using var adapted = await Open(history with { Epochs = [.. history.Epochs.Select((epoch, index) => epoch with { ClassWeights = [1, 1 + index] })] });

        Assert.AreEqual(0, await plain.CountAsync("#training-classes-mode button[value=weight]"));
        await adapted.Page.Locator("#training-classes-mode button[value=weight]").ClickAsync();
        await Assertions.Expect(adapted.Page.Locator("#training-classes-part")).ToBeHiddenAsync();
        CollectionAssert.AreEqual(
            new double[] { 1, 2, 3 }, await adapted.Page.EvaluateAsync<double[]>("document.querySelector('#training-classes-chart').data.find(line => line.hovertext[0].startsWith('dog')).y"));
    }

    [TestMethod]
    public async Task The_slider_shows_the_matrix_of_every_epoch_by_keyboard_and_starts_at_the_best()
    {
        await using var report = await Open(SampleHistories.Of(["cat", "dog", "fox"], 3));
        var now = report.Page.Locator("#training-confusion-now");

        // Of 20 images each, in epoch 3: 20 · c/3 · 0.2 wrong = 1, 3, 4; in epoch 2 with 0.2 + 0.7/3: 3, 6, 9.
        await Assertions.Expect(now).ToHaveTextAsync("Epoch 3, the best: 52 of 60 images right (86.6 %)");
        CollectionAssert.AreEquivalent(new[] { "19", "1", "17", "3", "16", "4" }, (await report.TextsAsync("#training-confusion-chart .scatterlayer text")).ToArray());

        await report.Page.Locator("#training-confusion-slider").FocusAsync();
        await report.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(now).ToHaveTextAsync("Epoch 2: 42 of 60 images right (70.0 %)");
        CollectionAssert.AreEquivalent(new[] { "17", "3", "14", "6", "11", "9" }, (await report.TextsAsync("#training-confusion-chart .scatterlayer text")).ToArray());
        Assert.AreEqual("Epoch 2", await report.Page.Locator("#training-confusion-slider").GetAttributeAsync("aria-valuetext"));

        await report.Page.Locator("#training-confusion-part button[value=training]").ClickAsync();
        await Assertions.Expect(now).ToContainTextAsync("of 120 images right");
        await report.Page.Locator("#training-confusion-best").ClickAsync();
        await Assertions.Expect(now).ToContainTextAsync("Epoch 3, the best");
        report.MustBeSound();
    }

    [TestMethod]
    [DataRow(9285, 10_000, "92.8\u00A0%"), DataRow(29, 100, "29.0\u00A0%"), DataRow(2666, 4000, "66.6\u00A0%"), DataRow(99_996, 100_000, "99.996\u00A0%")]
    public async Task Headline_table_and_caption_of_the_slider_round_the_accuracy_alike(int right, int images, string expected)
    {
        var history = SampleHistories.Of(["cat", "dog"], 1);
        var counts = new ConfusionCounts(2);
        counts.Add(0, 0, right);
        counts.Add(1, 0, images - right);
        await using var report = await Open(history with { Epochs = [history.Epochs[0] with { Validation = new(0.1, counts) }] });

        Assert.AreEqual(expected, (await report.TextsAsync(".verdict strong"))[0]);
        Assert.AreEqual(expected, (await report.TextsAsync("#training-table tbody td"))[1]);
        StringAssert.Contains((await report.TextsAsync("#training-confusion-now")).Single(), $"({expected.Replace('\u00A0', ' ')})");
        StringAssert.Contains(await report.Page.EvaluateAsync<string>("document.querySelector('#training-share').data.at(-1).hovertext[0]"), expected[..4]);
        report.MustBeSound();
    }

    [TestMethod]
    public async Task One_epoch_needs_no_slider()
    {
        await using var report = await Open(SampleHistories.Of(["cat", "dog"], 1));

        Assert.AreEqual(0, await report.CountAsync("#training-confusion-slider:visible, #training-confusion-best:visible"));
        Assert.AreEqual(1, await report.CountAsync("#training-confusion-chart .heatmaplayer image"));
    }

    [TestMethod]
    public async Task Truth_is_on_y_and_prediction_on_x_and_a_cell_says_itself_in_words()
    {
        await using var report = await Open(SampleHistories.Of(["cat", "dog", "fox"], 3));
        Assert.AreEqual("Predicted", (await report.TextsAsync("#training-confusion-chart .xtitle")).Single());
        Assert.AreEqual("Truth", (await report.TextsAsync("#training-confusion-chart .ytitle")).Single());

        await report.Page.Locator("#training-confusion-chart").ScrollIntoViewIfNeededAsync();
        var area = (await report.Page.Locator("#training-confusion-chart .nsewdrag").First.BoundingBoxAsync())!;
        await report.Page.Mouse.MoveAsync(area.X + (2.5f / 3 * area.Width), area.Y + (1.5f / 3 * area.Height));

        await Assertions.Expect(report.Page.Locator("#tip")).ToContainTextAsync("3 of 20 dog taken for fox (15.0 %)");
    }

    [TestMethod]
    public async Task In_the_report_of_an_evaluation_both_matrices_live_side_by_side()
    {
        await using var report = await browser!.OpenAsync(ReportSamples.Html(Evaluated(Ten), new() { History = SampleHistories.Of(Ten, 5) }));

        await report.Page.Locator("#training-confusion-mode button[value=actual]").ClickAsync();

        Assert.AreEqual("true", await report.Page.Locator("#confusion-mode button[value=counts]").GetAttributeAsync("aria-pressed"));
        Assert.AreEqual(1, await report.CountAsync("#confusion-chart .heatmaplayer image"));
        Assert.AreEqual(1, await report.CountAsync("#training-confusion-chart .heatmaplayer image"));
        report.MustBeSound();
    }

    [TestMethod]
    [DataRow(0, true, 3), DataRow(1, true, 3), DataRow(1, false, 3), DataRow(3, true, 1), DataRow(500, true, 100)]
    public async Task Histories_of_every_kind_open_and_draw(int epochs, bool validation, int classes)
    {
        await using var report = await Open(SampleHistories.Of(Names(classes), epochs, validation));

        if (epochs > 0)
            Assert.AreEqual(validation ? 2 : 1, await report.CountAsync("#training-loss .scatterlayer .trace"));
        report.MustBeSound();
    }

    [TestMethod]
    public async Task Gaps_NaN_and_infinity_are_drawn_as_gaps()
    {
        var history = SampleHistories.Of(["cat", "dog"], 4);
        await using var report = await Open(history with
        {
            Epochs =
            [
                history.Epochs[0] with { Validation = null }, history.Epochs[1] with { Validation = new(double.PositiveInfinity, new ConfusionCounts(2)) },
                history.Epochs[2] with { Training = new(double.NaN, new ConfusionCounts(2)) }, history.Epochs[3],
            ],
        });

        Assert.AreEqual(5, await report.CountAsync("#training-loss .scatterlayer .point"));
        await report.Page.Locator("#training-confusion-slider").FocusAsync();
        await report.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(report.Page.Locator("#training-confusion-now")).ToHaveTextAsync("Epoch 1 has no validation.");
        report.MustBeSound();
    }

    [TestMethod]
    public async Task Hostile_names_do_nothing_and_show_as_they_are()
    {
        await using var report = await Open(SampleHistories.Of(HostileNames, 2) with { Network = HostileNames[0], StopDetail = HostileNames[1] });

        report.MustBeSound();
        CollectionAssert.AreEquivalent(HostileNames, (await report.TextsAsync("#training-classes-switches label span")).ToArray());
        Assert.AreEqual(0, await report.CountAsync("img, main script, main a"));
    }

    [TestMethod]
    [DataRow(390), DataRow(768), DataRow(1280)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        string[] names = ["Pneumonoultramicroscopicsilicovolcanoconiosis", "Ankle boots and other footwear of leather, above the ankle", .. HostileNames, .. Names(12)];
        await using var report = await Open(
            SampleHistories.Of(names, 30) with { Network = new string('x', 90), Settings = new Dictionary<string, string> { [new string('k', 60)] = new string('v', 200) } }, width);

        Assert.AreEqual(0, await report.OverflowAsync());
    }

    [TestMethod]
    public async Task Without_a_script_the_epochs_the_classes_and_the_counts_are_there_as_tables()
    {
        await using var report = await browser!.OpenAsync(TrainingReportTests.Html(SampleHistories.Of(Ten, 6)), script: false);

        Assert.AreEqual(6, await report.CountAsync("#training-table tbody tr:visible"));
        Assert.AreEqual(10, await report.CountAsync("#training-classes-table tbody tr:visible"));
        Assert.AreEqual(100, await report.CountAsync("#training-confusion-table td:visible"));
        Assert.AreEqual(0, await report.CountAsync(".chart:visible, .tools:visible, input:visible, .legend:visible"));
        report.MustBeSound();
    }

    [TestMethod]
    public async Task Paper_is_light_and_lists_the_classes_that_are_drawn()
    {
        await using var report = await Open(SampleHistories.Of(Ten, 6), colours: ColorScheme.Dark);
        Assert.AreEqual("dark", await report.Page.Locator("#training-loss").GetAttributeAsync("data-drawn"));

        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await report.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        Assert.AreEqual("light", await report.Page.Locator("#training-loss").GetAttributeAsync("data-drawn"));
        Assert.AreEqual(5, await report.CountAsync("#training-classes-switches label:visible"));
        Assert.AreEqual(0, await report.CountAsync("button:visible, select:visible, input:visible"));
    }

    private static Task<OpenedReport> Open(TrainingHistory history, int width = 1280, ColorScheme colours = ColorScheme.Light) =>
        browser!.OpenAsync(TrainingReportTests.Html(history), width, colours);
}
