using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

/// <summary>The numbers of an epoch by name.</summary>
[TestClass]
public sealed class TrainingMetricTests
{
    private static readonly string[] Labels = ["T-shirt/top", "shirt", "ankle boot"];

    [TestMethod]
    [DataRow("loss", 0.5), DataRow("val_loss", 0.7), DataRow("accuracy", 1.0), DataRow("val_accuracy", 4.0 / 7), DataRow("learning_rate", 0.01)]
    [DataRow("f1[shirt]", 1.0), DataRow("val_precision[shirt]", 0.5), DataRow("val_recall[shirt]", 2.0 / 3), DataRow("val_f1[shirt]", 4.0 / 7)]
    [DataRow("val_f1_macro", 4.0 / 7), DataRow("VAL_F1_Macro", 4.0 / 7), DataRow(" val_recall[T-shirt/top] ", 0.5)]
    public void A_name_gives_its_value(string name, double expected) =>
        Assert.AreEqual(expected, TrainingMetric.Parse(name, Labels).Of(Epoch()), 1e-15);

    [TestMethod]
    [DataRow("val_f1[ankle boot]"), DataRow("precision[ankle boot]"), DataRow("val_recall[ankle boot]")]
    public void What_is_undefined_is_NaN(string name) =>
        Assert.IsTrue(double.IsNaN(TrainingMetric.Parse(name, Labels).Of(Epoch())));

    [TestMethod]
    public void Without_validation_its_metrics_are_undefined_and_say_beforehand_that_they_need_it()
    {
        var metric = TrainingMetric.Parse("val_f1_macro", Labels);

        Assert.IsTrue(metric.NeedsValidation);
        Assert.IsTrue(double.IsNaN(metric.Of(Epoch() with { Validation = null })));
        Assert.IsFalse(TrainingMetric.Parse("f1_macro", Labels).NeedsValidation);
    }

    [TestMethod]
    [DataRow("loss", false), DataRow("val_loss", false), DataRow("accuracy", true), DataRow("val_recall[shirt]", true), DataRow("learning_rate", true)]
    public void Only_of_a_loss_less_is_better(string name, bool higher) =>
        Assert.AreEqual(higher, TrainingMetric.Parse(name, Labels).HigherIsBetter);

    [TestMethod]
    [DataRow("val_loss", 0.4, 0.5, 0.0, true), DataRow("val_loss", 0.5, 0.5, 0.0, false), DataRow("val_loss", 0.45, 0.5, 0.1, false)]
    [DataRow("accuracy", 0.6, 0.5, 0.0, true), DataRow("accuracy", 0.5, 0.6, 0.0, false)]
    [DataRow("accuracy", double.NaN, 0.5, 0.0, false), DataRow("accuracy", 0.1, double.NaN, 0.5, true), DataRow("loss", double.NaN, double.NaN, 0.0, false)]
    [DataRow("loss", double.PositiveInfinity, 1.0, 0.0, false), DataRow("loss", 1.0, double.PositiveInfinity, 0.0, true)]
    public void Better_is_by_more_than_what_is_asked_and_NaN_never_is(string name, double value, double than, double byMoreThan, bool better) =>
        Assert.AreEqual(better, TrainingMetric.Parse(name, Labels).IsBetter(value, than, byMoreThan));

    [TestMethod]
    [DataRow("val_f1"), DataRow("f1_mean"), DataRow(""), DataRow("loss[shirt]"), DataRow("val_learning_rate"), DataRow("f1[shirt"), DataRow("f1_macro[shirt]")]
    public void An_unknown_name_is_refused_with_a_list_of_what_there_is(string name)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => TrainingMetric.Parse(name, Labels));

        Assert.StartsWith($"'{name}' is no metric of a training; there are loss, accuracy, f1_macro, precision_macro, recall_macro, "
            + "of one class f1[T-shirt/top], precision[T-shirt/top], recall[T-shirt/top], each also with val_", error.Message);
    }

    [TestMethod]
    [DataRow("val_f1[shrit]", "shirt"), DataRow("f1[Shirt]", "shirt"), DataRow("recall[ankle-boots]", "ankle boot"), DataRow("f1[t-shirt]", "shirt")]
    public void An_unknown_class_is_refused_with_the_nearest(string name, string nearest)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => TrainingMetric.Parse(name, Labels));

        Assert.Contains($"did you mean '{nearest}'? The classes are 'T-shirt/top', 'shirt', 'ankle boot'.", error.Message);
    }

    [TestMethod]
    [DataRow("a]b"), DataRow("a[b"), DataRow("[]"), DataRow("val_f1"), DataRow("f1[x]"), DataRow("Ä日本")]
    public void A_class_may_be_called_anything(string label) =>
        Assert.AreEqual(1.0, TrainingMetric.Parse($"val_f1[{label}]", ["other", label]).Of(Epoch() with { Validation = new(0, Diagonal(2)) }));

    [TestMethod]
    public void Every_metric_of_the_list_is_found_again_by_its_name()
    {
        foreach (var validation in new[] { false, true })
        {
            TrainingMetric[] all = [.. TrainingMetric.All(Labels, validation)];

            Assert.HasCount(5 + 3 * 3, all);
            foreach (var metric in all)
            {
                Assert.AreEqual(metric.Of(Epoch()), TrainingMetric.Parse(metric.Name, Labels).Of(Epoch()));
                Assert.AreEqual(validation, metric.NeedsValidation);
            }
        }
    }

    // Held out: of 3 shirts 2 found and 1 called T-shirt, of 4 T-shirts 2 found and 2 called shirt. F1 is 2·2 / (3 + 4) of both. No boots.
    private static EpochRecord Epoch()
    {
        var validation = new ConfusionCounts(3);
        validation.Add(1, 1, 2);
        validation.Add(1, 0, 1);
        validation.Add(0, 0, 2);
        validation.Add(0, 1, 2);
        return new()
        {
            Epoch = 1, LearningRate = 0.01, Seconds = 2, SamplesPerSecond = 1_000,
            Training = new(0.5, Diagonal(2, classes: 3)), Validation = new(0.7, validation),
        };
    }

    private static ConfusionCounts Diagonal(int occurring, int classes = 2)
    {
        var counts = new ConfusionCounts(classes);
        for (var index = 0; index < occurring; index++)
            counts.Add(index, index, 10);
        return counts;
    }
}
