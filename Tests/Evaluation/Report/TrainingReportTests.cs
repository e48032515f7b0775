using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MLPipelines.Evaluation;
using MLPipelines.Learning;
using MLPipelines.Tests.Learning;
using static MLPipelines.Tests.Evaluation.ReportSamples;

namespace MLPipelines.Tests.Evaluation;

/// <summary>A training in a report: what it says in words, and what its file holds.</summary>
[TestClass]
public sealed partial class TrainingReportTests
{
    private static readonly string[] Three = ["cat", "dog", "fox"];

    [TestMethod]
    public void The_report_of_an_evaluation_tells_of_the_training_where_there_is_a_history()
    {
        var with = ReportSamples.Html(Evaluated(Three), new() { History = SampleHistories.Of(Three, 6) });
        var without = ReportSamples.Html(Evaluated(Three));

        foreach (var section in new[] { "training", "training-classes", "training-confusion" })
        {
            Assert.Contains($"<section id=\"{section}\"", with);
            Assert.DoesNotContain($"<section id=\"{section}\"", without);
        }
    }

    [TestMethod]
    public void The_settings_are_told_in_words()
    {
        var settings = new NetworkTrainingSettings { Optimizer = new Sgd { LearningRate = 0.05 } };
        var html = Html(SampleHistories.Of(Three, 2) with { Settings = settings.ByName() });

        Assert.Contains("sgd, momentum 0.9, learning rate 0.05", html);
        Assert.Contains("batch size", html);
        Assert.DoesNotContain("batchSize", html);
    }

    [TestMethod]
    public void The_course_of_the_training_is_told_in_words()
    {
        var html = Html(SampleHistories.Of(Three, 6));

        // 12.1 s + 1 to 6 s each: 93.6 s. Every class is taken for the next, so the last is weakest: 20 images, 4 wrong, and 3 of the dogs.
        Assert.Contains("6 epochs in 1 min 34 s. Best in epoch 6: val_f1_macro 0.866. Stopped early: val_f1_macro did not get better for 3 epochs.", html);
        Assert.Contains("<strong>fox</strong> (F1 0.820), most often taken for cat.", html);
        Assert.Contains("6 (best)", html);
        Assert.Contains("4 (rate lowered)", html);
    }

    [TestMethod]
    public void Learning_by_heart_is_said_where_validation_loss_rises_while_training_loss_falls()
    {
        var history = SampleHistories.Of(Three, 20);
        const string Sign = "learnt the training images by heart";

        // Validation: 1.9 / e + 0.02·e is least at √95 ≈ 10, where it is 0.39; at 20 it is 0.495.
        Assert.Contains("Validation loss was lowest in epoch 10 (0.390) and rose to 0.495 while training loss fell, a sign", Html(history));
        Assert.DoesNotContain(Sign, Html(history with { Epochs = [.. history.Epochs.Take(10)], BestEpoch = null }));
        Assert.DoesNotContain(Sign, Html(SampleHistories.Of(Three, 20, validation: false)));
    }

    [TestMethod]
    [DataRow(StopReason.Finished, "All epochs done."), DataRow(StopReason.TimeBudget, "Time was up."), DataRow(StopReason.Cancelled, "Cancelled.")]
    [DataRow(StopReason.NotANumber, "Stopped at NaN."), DataRow(null, "It was still going on when this was written.")]
    public void Every_end_has_its_words(StopReason? stop, string words) =>
        Assert.Contains(words, Html(SampleHistories.Of(Three, 2) with { Stop = stop, StopDetail = null }));

    [TestMethod]
    public void Every_epoch_and_every_class_is_in_a_table()
    {
        var html = Html(SampleHistories.Of(Three, 6));

        Assert.AreEqual(7, Rows(html, "training-table"));
        Assert.AreEqual(4, Rows(html, "training-classes-table"));
        Assert.AreEqual(4, Rows(html, "training-confusion-table"));
    }

    [TestMethod]
    public void An_epoch_without_validation_among_others_is_not_available()
    {
        var history = SampleHistories.Of(Three, 3);

        var html = Html(history with { Epochs = [history.Epochs[0], history.Epochs[1] with { Validation = null }, history.Epochs[2]] });

        Assert.Contains("""<tr><th scope="row">2 (rate lowered)</th><td class="n">n/a</td><td class="n">n/a</td><td class="n">n/a</td>""", html);
    }

    [TestMethod]
    [DataRow(0, true, 3), DataRow(1, true, 3), DataRow(1, false, 3), DataRow(12, false, 10), DataRow(2, true, 1)]
    public void Histories_of_every_kind_make_a_report(int epochs, bool validation, int classes)
    {
        var history = SampleHistories.Of(Names(classes), epochs, validation);

        var html = Html(history);

        Assert.AreEqual(JsonValueKind.Object, Data(html).ValueKind);
        Assert.AreEqual(epochs > 0, html.Contains("<section id=\"training\"", StringComparison.Ordinal));
        Assert.AreEqual(epochs > 0 && classes > 1, html.Contains("<section id=\"training-confusion\"", StringComparison.Ordinal));
        Assert.AreEqual(epochs == 0, html.Contains("No epoch was completed.", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_training_that_failed_at_once_still_makes_a_report()
    {
        var history = SampleHistories.Of(Three, 1);
        var nothing = new PartRecord(double.NaN, new ConfusionCounts(3));

        var html = Html(history with { Epochs = [history.Epochs[0] with { Training = nothing, Validation = nothing }], BestEpoch = null, Stop = StopReason.NotANumber });

        Assert.Contains("Right on <strong>n/a</strong>", html);
        Assert.AreEqual(JsonValueKind.Null, Data(html).GetProperty("training").GetProperty("parts").GetProperty("validation").GetProperty("loss")[0].ValueKind);
    }

    [TestMethod]
    public void Hostile_names_are_text()
    {
        var history = SampleHistories.Of(HostileNames, 2) with
        {
            Network = HostileNames[2], StopDetail = HostileNames[0], Settings = new Dictionary<string, string> { [HostileNames[1]] = HostileNames[3] },
        };

        var html = Html(history);

        Assert.AreEqual(3, Occurrences(html, "<script"), "the data and the two scripts of the page");
        Assert.AreEqual(0, Occurrences(html, "<img "));
        CollectionAssert.AreEqual(HostileNames, Data(html).GetProperty("labels").EnumerateArray().Select(label => label.GetString()).ToArray());
    }

    [TestMethod]
    public void A_hundred_classes_over_five_hundred_epochs_stay_a_small_file_that_says_what_it_left_out()
    {
        var history = SampleHistories.Of(Names(100), 500) with { BestEpoch = 334 };

        var html = Html(history);

        Assert.IsLessThan(2_000_000, Data(html).GetRawText().Length);
        Assert.MatchesRegex(LeftOut(), html);
        double[] kept = [.. Data(html).GetProperty("trainingConfusions").GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetDouble())];
        Assert.IsGreaterThan(50, kept.Length);
        CollectionAssert.IsSubsetOf(new double[] { 1, 334, 500 }, kept);
        Assert.AreEqual(501, Rows(html, "training-table"));
    }

    [TestMethod]
    public void The_counts_in_the_page_are_those_of_the_history()
    {
        var history = SampleHistories.Of(Three, 3);

        var confusions = Data(Html(history)).GetProperty("trainingConfusions").GetProperty("parts");
        var classes = Data(Html(history)).GetProperty("trainingClasses").GetProperty("parts");

        // Epoch 1 of 3, class 0 of 3, 20 images: 20 · 1/3 · (0.2 + 0.7 · 2/3) = 4.4 are taken for the next; 9 and 13 of the others.
        Assert.AreEqual("[[0,16,1,4],[1,11,2,9],[0,13,2,7]]", confusions.GetProperty("validation")[0].GetRawText());
        Assert.AreEqual("[[16,11,7],[29,15,16],[20,20,20]]", classes.GetProperty("validation")[0].GetRawText());
        Assert.AreEqual(2, classes.GetProperty("validation")[1].GetArrayLength(), "the images of a class are told once");
    }

    [TestMethod]
    public void Equal_histories_give_equal_files() =>
        Assert.AreEqual(Html(SampleHistories.Of(Three, 5)), Html(TrainingHistory.Parse(SampleHistories.Of(Three, 5).ToJson())));

    [TestMethod]
    public void A_history_that_contradicts_itself_is_refused_by_both_reports()
    {
        var wrong = SampleHistories.Of(Three, 2) with { Labels = ["one"] };

        Assert.ThrowsExactly<ArgumentException>(() => Html(wrong));
        Assert.ThrowsExactly<ArgumentException>(() => ReportSamples.Html(Evaluated(Three), new() { History = wrong }));
    }

    [TestMethod]
    [DataRow(0.417, "0.42 s"), DataRow(12.14, "12.1 s"), DataRow(59.97, "1 min 00 s"), DataRow(185.0, "3 min 05 s"), DataRow(3599.8, "1 h 00 min"), DataRow(7321.0, "2 h 02 min"), DataRow(double.NaN, "n/a")]
    public void Durations_are_told_in_two_units(double seconds, string words) => Assert.AreEqual(words, Figures.Duration(seconds));

    internal static string Html(TrainingHistory history)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        new TrainingReport(history).Write(writer);
        return writer.ToString();
    }

    private static JsonElement Data(string html) => JsonDocument.Parse(DataElement().Match(html).Groups[1].Value).RootElement;

    private static int Rows(string html, string table)
    {
        var start = html.IndexOf($"id=\"{table}\"", StringComparison.Ordinal);
        return Occurrences(html[start..html.IndexOf("</table>", start, StringComparison.Ordinal)], "<tr>");
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("""<script type="application/json" id="report-data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex DataElement();

    [GeneratedRegex(@"Of 500 epochs \d+ are here, to keep this file small")]
    private static partial Regex LeftOut();
}
