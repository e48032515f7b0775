using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLPipelines.Tests.Engine.Trainers;

[TestClass]
public sealed class LbfgsMaximumEntropyTests
{
    [TestMethod]
    [DataRow("iris l2 1", "iris", 4, 3, 0f, 1f, false)]
    [DataRow("iris l2 0.1", "iris", 4, 3, 0f, 0.1f, false)]
    [DataRow("iris l2 1 weighted", "iris", 4, 3, 0f, 1f, true)]
    [DataRow("iris l1 1 l2 1", "iris", 4, 3, 1f, 1f, false)]
    [DataRow("digits l2 1", "digits", 64, 10, 0f, 1f, false)]
    public void The_weights_are_those_of_scikit_learn(string recorded, string dataSet, int features, int classes, float l1, float l2, bool weighted)
    {
        var (weights, biases) = MaximumEntropyReference.Parameters(Train(RecordedMaximumEntropy.Rows(dataSet), features, classes, l1, l2, weighted));
        var expected = RecordedMaximumEntropy.Of(recorded);

        for (var k = 0; k < classes; k++)
        {
            for (var j = 0; j < features; j++)
                Assert.AreEqual(expected.Weights[k][j], weights[k][j], 1e-4, $"class {k}, feature {j}");
            // Adding one number to all biases changes nothing.
            Assert.AreEqual(expected.Biases[k] - expected.Biases[0], biases[k] - biases[0], 5e-4, $"bias {k}");
        }
    }

    [TestMethod]
    [DataRow("iris l2 1", "iris", 4, 3, 0f, 1f, false)]
    [DataRow("iris l2 1 weighted", "iris", 4, 3, 0f, 1f, true)]
    [DataRow("iris l1 1 l2 1", "iris", 4, 3, 1f, 1f, false)]
    [DataRow("iris l1 2", "iris", 4, 3, 2f, 0f, false)]
    [DataRow("digits l2 1", "digits", 64, 10, 0f, 1f, false)]
    public void The_probabilities_are_those_of_scikit_learn(
        string recorded, string dataSet, int features, int classes, float l1, float l2, bool weighted)
    {
        var rows = RecordedMaximumEntropy.Rows(dataSet);
        var (weights, biases) = MaximumEntropyReference.Parameters(Train(rows, features, classes, l1, l2, weighted));
        var expected = RecordedMaximumEntropy.Of(recorded).Probabilities;

        for (var row = 0; row < rows.Length; row += 10)
        {
            var exponentials = MaximumEntropyReference.Scores(rows[row].Features, weights, biases).Select(Math.Exp).ToArray();
            for (var k = 0; k < classes; k++)
                Assert.AreEqual(expected[row / 10][k], exponentials[k] / exponentials.Sum(), 1e-4, $"row {row}, class {k}");
        }
    }

    // The gradient is checked by what it is for: at the solution the objective, in plain double arithmetic, has a slope of 0 in every direction.
    [TestMethod]
    [DataRow(0f, 1f, false, 2)]
    [DataRow(0f, 0.3f, true, 3)]
    [DataRow(0.5f, 0.5f, true, 5)]
    public void At_the_solution_no_parameter_can_be_moved_to_lower_the_objective(float l1, float l2, bool weighted, int classes)
    {
        const int Features = 7;
        const double Step = 1e-4;
        var rows = Labelled.Clouds(rows: 301, Features, classes);
        var (weights, biases) = MaximumEntropyReference.Parameters(Train(rows, Features, classes, l1, l2, weighted));
        double Objective() => MaximumEntropyReference.MeanLoss(rows, weights, biases, weighted) +
            weights.Sum(row => row.Sum(w => l1 * Math.Abs(w) + l2 / 2 * w * w)) / rows.Length;

        foreach (var parameters in weights.Append(biases))
        {
            for (var j = 0; j < parameters.Length; j++)
            {
                var (best, at) = (Objective(), parameters[j]);
                parameters[j] = at + Step;
                var right = (Objective() - best) / Step;
                parameters[j] = at - Step;
                var left = (Objective() - best) / Step;
                parameters[j] = at;
                Assert.IsTrue(right > -1e-4 && left > -1e-4, $"slopes {left} and {right} at {at}");
            }
        }
    }

    [TestMethod]
    public void The_loss_in_the_log_is_the_objective_and_never_rises()
    {
        EmbeddedEngine.Require("its log has no losses.");
        var rows = Labelled.Clouds(rows: 500, features: 9, classes: 4);
        var losses = new List<double>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, message) =>
        {
            if (message.RawMessage.StartsWith("Iteration", StringComparison.Ordinal))
                losses.Add(double.Parse(message.RawMessage.Split("loss ")[1].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture));
        };
        var model = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 2, l2Regularization: 3)
            .Fit(Labelled.View(9, 4, rows)).Model;
        var (weights, biases) = MaximumEntropyReference.Parameters(model);
        var objective = MaximumEntropyReference.MeanLoss(rows, weights, biases, weighted: false) +
            weights.Sum(row => row.Sum(w => 2 * Math.Abs(w) + 1.5 * w * w)) / rows.Length;

        Assert.AreEqual(objective, losses[^1], 1e-5);
        for (var iteration = 1; iteration < losses.Count; iteration++)
            Assert.IsLessThanOrEqualTo(losses[iteration - 1], losses[iteration]);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(7)]
    public void The_number_of_threads_changes_no_bit(int threads)
    {
        EmbeddedEngine.Require("there it may.");
        var view = Labelled.View(50, 5, Labelled.Clouds(rows: 5000, features: 50, classes: 5));
        byte[] Bits(int number) => Bytes(new MLContext().MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = number, MaximumNumberOfIterations = 15,
                ExampleWeightColumnName = "Weight" }).Fit(view).Model);

        CollectionAssert.AreEqual(Bits(1), Bits(threads));
    }

    [TestMethod]
    public void L1_regularisation_makes_weights_exactly_0_and_more_of_it_more_of_them()
    {
        var view = Labelled.View(20, 3, Labelled.Clouds(rows: 300, features: 20, classes: 3));
        int Zeros(float l1) => MaximumEntropyReference.Parameters(
            new MLContext().MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: l1).Fit(view).Model).Weights.Sum(
                row => row.Count(w => w == 0));

        Assert.AreEqual(0, Zeros(0));
        Assert.IsLessThan(Zeros(10), Zeros(2));
        Assert.AreEqual(60, Zeros(1000));
    }

    [TestMethod]
    public void Weights_held_to_be_not_negative_are_not()
    {
        var rows = Labelled.Clouds(rows: 300, features: 6, classes: 3);
        var (weights, _) = MaximumEntropyReference.Parameters(
            new MLContext().MulticlassClassification.Trainers.LbfgsMaximumEntropy(enforceNonNegativity: true).Fit(Labelled.View(6, 3, rows)).Model);

        Assert.IsTrue(weights.All(row => row.All(w => w >= 0)));
        Assert.IsTrue(weights.Any(row => row.Any(w => w > 0)));
    }

    [TestMethod]
    public void Starting_from_the_solution_there_is_next_to_nothing_to_do()
    {
        EmbeddedEngine.Require("its log has no iterations.");
        var view = Labelled.View(6, 3, Labelled.Clouds(rows: 300, features: 6, classes: 3));
        var iterations = 0;
        var ml = new MLContext();
        ml.Log += (_, message) => iterations += message.RawMessage.StartsWith("Iteration", StringComparison.Ordinal) ? 1 : 0;
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var first = trainer.Fit(view);
        var needed = iterations;
        iterations = 0;
        trainer.Fit(view, first.Model);

        Assert.IsGreaterThan(15, needed);
        Assert.IsLessThan(10, iterations);
    }

    [TestMethod]
    public void A_model_to_start_from_must_have_the_same_classes_and_features()
    {
        var trainer = new MLContext().MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var other = trainer.Fit(Labelled.View(5, 3, Labelled.Clouds(rows: 60, features: 5, classes: 3))).Model;

        var error = Assert.ThrowsExactly<ArgumentException>(
            () => trainer.Fit(Labelled.View(6, 4, Labelled.Clouds(rows: 60, features: 6, classes: 4)), other));
        StringAssert.Contains(error.Message, "3 classes and 5 features; the data have 4 and 6");
    }

    [TestMethod]
    public void Random_starting_weights_come_from_the_seed_and_end_at_the_same_solution()
    {
        var rows = Labelled.Clouds(rows: 200, features: 5, classes: 3);
        MaximumEntropyModelParameters Model(int seed, float diameter) => new MLContext(seed).MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options { InitialWeightsDiameter = diameter, L1Regularization = 0,
                OptimizationTolerance = 1e-10f }).Fit(Labelled.View(5, 3, rows)).Model;

        CollectionAssert.AreEqual(Bytes(Model(1, 2)), Bytes(Model(1, 2)));
        CollectionAssert.AreNotEqual(Bytes(Model(1, 2)), Bytes(Model(2, 2)));
        var (one, other) = (MaximumEntropyReference.Parameters(Model(1, 2)).Weights, MaximumEntropyReference.Parameters(Model(1, 0)).Weights);
        for (var k = 0; k < one.Length; k++)
        {
            for (var j = 0; j < one[k].Length; j++)
                Assert.AreEqual(one[k][j], other[k][j], 2e-3);
        }
    }

    [TestMethod]
    public void Quiet_training_logs_no_iteration()
    {
        var messages = new List<string>();
        var ml = new MLContext();
        ml.Log += (_, message) => messages.Add(message.RawMessage);
        ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { Quiet = true, HistorySize = 5 })
            .Fit(Labelled.View(5, 3, Labelled.Clouds(rows: 60, features: 5, classes: 3)));

        Assert.DoesNotContain(message => message.Contains("Iteration"), messages);
    }

    internal static byte[] Bytes(MaximumEntropyModelParameters model)
    {
        var (weights, biases) = MaximumEntropyReference.Parameters(model);
        return [.. weights.Append(biases).SelectMany(row => row).SelectMany(value => BitConverter.GetBytes((float)value))];
    }

    private static MaximumEntropyModelParameters Train(Labelled[] rows, int features, int classes, float l1, float l2, bool weighted) =>
        new MLContext().MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            exampleWeightColumnName: weighted ? "Weight" : null, l1Regularization: l1, l2Regularization: l2, optimizationTolerance: 1e-12f)
            .Fit(Labelled.View(features, classes, rows)).Model;
}
