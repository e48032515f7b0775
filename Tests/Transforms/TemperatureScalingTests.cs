using System.Text.Json;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class TemperatureScalingTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // e^0 : e^ln2 : e^ln5 = 1 : 2 : 5 at T = 1; at T = ½ the ratios are squared, 1 : 4 : 25.
    [TestMethod]
    [DataRow(1.0, 1 / 8.0, 2 / 8.0, 5 / 8.0)]
    [DataRow(0.5, 1 / 30.0, 4 / 30.0, 25 / 30.0)]
    public void A_temperature_raises_the_odds_to_the_power_of_its_inverse(double temperature, double first, double second, double third)
    {
        var probabilities = Softmax([0, MathF.Log(2), MathF.Log(5)], temperature);

        Assert.AreEqual(first, probabilities[0], 1e-7);
        Assert.AreEqual(second, probabilities[1], 1e-7);
        Assert.AreEqual(third, probabilities[2], 1e-7);
    }

    [TestMethod]
    [DataRow(3e38f, -3e38f)]
    [DataRow(1e4f, 9.8e3f)]
    [DataRow(-3e38f, -3.1e38f)]
    public void Huge_logits_neither_overflow_nor_vanish(float high, float low)
    {
        var probabilities = Softmax([low, high, low], 1);

        Assert.AreEqual(1f, probabilities[1]);
        Assert.AreEqual(0f, probabilities[0]);
    }

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.6)]
    [DataRow(1.0)]
    [DataRow(40.0)]
    public void The_order_of_the_classes_never_changes(double temperature)
    {
        var random = new Random(5);
        for (var row = 0; row < 50; row++)
        {
            var scores = Enumerable.Range(0, 20).Select(_ => (float)(random.NextDouble() * 30)).ToArray();
            var probabilities = Softmax(scores, temperature);

            for (var i = 0; i < scores.Length; i++)
                for (var j = 0; j < scores.Length; j++)
                    Assert.IsTrue(scores[i] < scores[j] || probabilities[i] >= probabilities[j], $"{scores[i]} and {scores[j]} changed places");
        }
    }

    [TestMethod]
    public void An_impossible_class_gets_nothing_and_leaves_the_others_alone()
    {
        float[] expected = [0.5f, 0, 0.5f];
        CollectionAssert.AreEqual(expected, Softmax([7, float.NegativeInfinity, 7], 2));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_row_with_an_undefined_score_is_undefined_as_a_whole(float score) =>
        Assert.IsTrue(Softmax([1, score, 2], 1.5).All(float.IsNaN));

    [TestMethod]
    public void A_row_without_any_possible_class_is_undefined() =>
        Assert.IsTrue(Softmax([float.NegativeInfinity, float.NegativeInfinity], 1).All(float.IsNaN));

    // The tutorial that this replaces took log 0 here.
    [TestMethod]
    public void Probabilities_of_exactly_0_and_1_stay_numbers()
    {
        var probabilities = Softmax([0, 1, 0], 0.6, SoftmaxInput.Probabilities);

        Assert.AreEqual(1f, probabilities[1]);
        Assert.IsTrue(probabilities.All(float.IsFinite));
    }

    [TestMethod]
    public void Probabilities_at_temperature_1_are_what_they_were()
    {
        float[] probabilities = [0.1f, 0.6f, 0.05f, 0.25f];
        var same = Softmax(probabilities, 1, SoftmaxInput.Probabilities);
        for (var i = 0; i < same.Length; i++)
            Assert.AreEqual(probabilities[i], same[i], 1e-7f);
    }

    [TestMethod]
    public void Classes_that_a_very_sure_model_tells_apart_stay_apart()
    {
        var probabilities = Softmax([1e-30f, 1, 1e-33f], 8, SoftmaxInput.Probabilities);
        Assert.IsGreaterThan(probabilities[2], probabilities[0]);
    }

    [TestMethod]
    public void Logits_passed_as_probabilities_are_refused() =>
        Assert.Contains("SoftmaxInput.Logits", Assert.ThrowsExactly<InvalidDataException>(
            () => Softmax([-2, 7], 1, SoftmaxInput.Probabilities)).Message);

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_temperature_must_be_positive_and_finite(double temperature) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Softmax([1, 2], temperature));

    [TestMethod]
    [DynamicData(nameof(Recorded))]
    public void The_fit_finds_what_torch_and_SciPy_find(RecordedFit recorded)
    {
        var fit = TemperatureScaling.Fit(recorded.Scores, recorded.Labels, recorded.Weights, recorded.Input);

        Assert.AreEqual(recorded.Temperature, fit.Temperature, 1e-6 * recorded.Temperature);
        Assert.AreEqual(recorded.LossBefore, fit.LossBefore, 1e-9);
        Assert.AreEqual(recorded.LossAfter, fit.LossAfter, 1e-9);
        Assert.AreEqual(recorded.Labels.Length, fit.RowsUsed);
        Assert.AreEqual(TemperatureBound.None, fit.AtBound);
        Assert.IsLessThan(15, fit.Iterations);
    }

    [TestMethod]
    [DynamicData(nameof(Recorded))]
    public void The_fit_does_not_depend_on_the_number_of_threads(RecordedFit recorded)
    {
        TemperatureFit With(int threads) =>
            TemperatureScaling.Fit(recorded.Scores, recorded.Labels, recorded.Weights, recorded.Input, new() { Threads = threads });

        Assert.AreEqual(With(1), With(4));
    }

    [TestMethod]
    [DataRow(0.02f)]
    [DataRow(0.5f)]
    [DataRow(8f)]
    [DataRow(40f)]
    public void Stretched_logits_need_a_temperature_as_much_higher(float stretch)
    {
        var recorded = Recorded.First();
        var fit = TemperatureScaling.Fit(recorded.Scores.Select(score => score * stretch).ToArray(), recorded.Labels);

        Assert.AreEqual(recorded.Temperature * stretch, fit.Temperature, 1e-5 * stretch);
        Assert.AreEqual(recorded.LossAfter, fit.LossAfter, 1e-6);
        Assert.IsLessThan(25, fit.Iterations);
    }

    // Two classes, one logit apart, right three times of four: the calibrated odds are 3 : 1, so 1/T = ln 3.
    [TestMethod]
    public void The_fit_makes_confidence_equal_accuracy()
    {
        var fit = TemperatureScaling.Fit(new float[] { 1, 0, 1, 0, 1, 0, 1, 0 }, new[] { 0, 0, 0, 1 });
        Assert.AreEqual(1 / Math.Log(3), fit.Temperature, 1e-10);
    }

    [TestMethod]
    public void A_weight_counts_as_so_many_rows()
    {
        var repeated = TemperatureScaling.Fit(new float[] { 1, 0, 1, 0, 1, 0, 2, 0 }, new[] { 0, 0, 0, 1 });
        var weighted = TemperatureScaling.Fit(new float[] { 1, 0, 2, 0 }, new[] { 0, 1 }, new[] { 3.0, 1 });

        Assert.AreEqual(repeated.Temperature, weighted.Temperature, 1e-12);
    }

    [TestMethod]
    public void Scores_that_always_find_the_class_keep_temperature_1_and_say_so()
    {
        var fit = TemperatureScaling.Fit(new float[] { 1, 0, 0, 2, 0.5f, 0 }, new[] { 0, 1, 0 });

        Assert.AreEqual(1, fit.Temperature);
        Assert.AreEqual(fit.LossBefore, fit.LossAfter);
        Assert.AreEqual(TemperatureBound.Lowest, fit.AtBound);
        Assert.IsLessThan(20, fit.Iterations);
        Assert.Contains("3 of 3 rows have their true class on top", fit.Warning!);
        Assert.Contains("Trainers.Calibrated", fit.Warning!);
    }

    [TestMethod]
    public void A_range_above_1_is_kept_to_even_then()
    {
        var fit = TemperatureScaling.Fit(new float[] { 1, 0, 0, 2 }, new[] { 0, 1 }, options: new() { LowestTemperature = 2 });

        Assert.AreEqual(2, fit.Temperature);
        Assert.IsGreaterThan(fit.LossBefore, fit.LossAfter);
    }

    // One logit apart is e : 1; 40 right rows to 9 or 10 wrong ones are 4 : 1, so that T < 1.
    [TestMethod]
    [DataRow(9, true)]
    [DataRow(10, false)]
    public void Sharpening_by_few_wrong_rows_is_doubted(int wrong, bool isDoubted)
    {
        float[] scores = [.. Enumerable.Repeat<float[]>([1, 0], 40 + wrong).SelectMany(row => row), 0.5f, 0];
        int[] labels = [.. Enumerable.Range(0, 40 + wrong).Select(i => i < 40 ? 0 : 1), 0];
        var fit = TemperatureScaling.Fit(scores, labels);

        Assert.IsLessThan(1, fit.Temperature);
        Assert.AreEqual(41, fit.RowsCorrect);
        Assert.AreEqual(isDoubted, fit.Warning is not null);
    }

    [TestMethod]
    public void Probabilities_passed_as_logits_are_noticed()
    {
        var recorded = Recorded.First(one => one.Input == SoftmaxInput.Probabilities);

        Assert.Contains("SoftmaxInput.Probabilities", TemperatureScaling.Fit(recorded.Scores, recorded.Labels).Warning!);
        Assert.IsFalse(TemperatureScaling.Fit(recorded.Scores, recorded.Labels, input: SoftmaxInput.Probabilities).AreProbabilities);
    }

    [TestMethod]
    public void Scores_that_never_find_the_class_end_at_the_highest_temperature()
    {
        var fit = TemperatureScaling.Fit(new float[] { 1, 0, 0, 2, 0.5f, 0 }, new[] { 1, 0, 1 });

        Assert.AreEqual(100, fit.Temperature);
        Assert.AreEqual(TemperatureBound.Highest, fit.AtBound);
        Assert.Contains("order", fit.Warning!);
    }

    [TestMethod]
    public void Scores_that_say_nothing_keep_temperature_1()
    {
        var fit = TemperatureScaling.Fit(new float[] { 4, 4, 9, 9 }, new[] { 1, 0 });

        Assert.AreEqual(1, fit.Temperature);
        Assert.AreEqual(Math.Log(2), fit.LossAfter, 1e-15);
    }

    [TestMethod]
    public void Rows_that_cannot_take_part_are_counted()
    {
        float[] scores = [1, 0, 1, 0, 1, 0, 1, 0, float.NaN, 0, 3, 1, 0, float.NegativeInfinity, float.PositiveInfinity, 0];
        var fit = TemperatureScaling.Fit(scores, new[] { 0, 0, 0, 1, 0, -1, 1, 0 });

        Assert.AreEqual(4, fit.RowsUsed);
        Assert.AreEqual(4, fit.RowsIgnored);
        Assert.AreEqual(1 / Math.Log(3), fit.Temperature, 1e-10);
    }

    [TestMethod]
    public void A_fit_without_usable_rows_says_so() =>
        Assert.Contains("of 2 rows none", Assert.ThrowsExactly<InvalidDataException>(
            () => TemperatureScaling.Fit(new[] { float.NaN, 0, 1, 2 }, new[] { 0, -1 })).Message);

    [TestMethod]
    public void A_label_that_is_no_class_is_named() =>
        Assert.Contains("Label 7", Assert.ThrowsExactly<ArgumentException>(
            () => TemperatureScaling.Fit(new float[] { 0, 1, 2, 3 }, new[] { 0, 7 })).Message);

    public static IEnumerable<RecordedFit> Recorded =>
        JsonSerializer.Deserialize<RecordedFit[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", "transforms",
            "temperature.json")), Json)!;

    private static float[] Softmax(float[] scores, double temperature, SoftmaxInput input = SoftmaxInput.Logits)
    {
        var probabilities = new float[scores.Length];
        TemperatureScaling.Softmax(scores, temperature, probabilities, input);
        return probabilities;
    }

    public sealed record RecordedFit(
        string Name, int Classes, bool Probabilities, float[] Scores, int[] Labels, double[] Weights, double Temperature,
        double LossBefore, double LossAfter)
    {
        public SoftmaxInput Input => Probabilities ? SoftmaxInput.Probabilities : SoftmaxInput.Logits;

        public override string ToString() => Name;
    }
}
