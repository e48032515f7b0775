using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLPipelines.Tests.Engine.Trainers;

[TestClass]
public sealed class SdcaMaximumEntropyTests
{
    [TestMethod]
    [DataRow("iris dual 1/150", false)]
    [DataRow("iris dual 1/150 weighted", true)]
    public void It_ends_at_the_optimum_that_scikit_learn_finds(string recorded, bool weighted)
    {
        var model = Train(Labelled.View(4, 3, RecordedMaximumEntropy.Rows("iris")), new()
        {
            L2Regularization = 1f / 150,
            ConvergenceTolerance = 1e-6f,
            MaximumNumberOfIterations = 20000,
            ExampleWeightColumnName = weighted ? "Weight" : null,
        });
        var (weights, biases) = MaximumEntropyReference.Parameters(model);
        var expected = RecordedMaximumEntropy.Of(recorded).Weights;

        for (var k = 0; k < 3; k++)
        {
            // The last weight recorded is that of the feature that is always 1: the bias.
            double[] actual = [.. weights[k], biases[k]];
            for (var j = 0; j < actual.Length; j++)
                Assert.AreEqual(expected[k][j], actual[j], 1e-3, $"class {k}, parameter {j}");
        }
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.3f)]
    public void The_logged_loss_is_the_objective_and_the_gap_bounds_what_is_missing(float l1)
    {
        EmbeddedEngine.Require("its log has no losses.");
        const float L2 = 0.01f;
        var rows = Labelled.Clouds(rows: 200, features: 8, classes: 4);
        var (losses, gaps) = (new List<double>(), new List<double>());
        var ml = new MLContext(seed: 3);
        ml.Log += (_, message) =>
        {
            if (!message.RawMessage.StartsWith("Iteration", StringComparison.Ordinal))
                return;
            var numbers = message.RawMessage.TrimEnd('.').Split(["loss ", ", duality gap "], StringSplitOptions.None)[1..];
            losses.Add(double.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture));
            gaps.Add(double.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture));
        };
        var (weights, biases) = MaximumEntropyReference.Parameters(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
            new SdcaMaximumEntropyMulticlassTrainer.Options { L2Regularization = L2, L1Regularization = l1, ConvergenceTolerance = 1e-5f })
                .Fit(Labelled.View(8, 4, rows)).Model);
        var objective = MaximumEntropyReference.MeanLoss(rows, weights, biases, weighted: false) +
            L2 * (weights.Sum(row => row.Sum(w => w * w / 2 + l1 * Math.Abs(w))) + biases.Sum(b => b * b / 2));

        Assert.AreEqual(objective, losses[^1], 1e-5);
        Assert.IsLessThanOrEqualTo(1e-5 * losses[^1], gaps[^1]);
        foreach (var (loss, gap) in losses.Zip(gaps))
            Assert.IsLessThanOrEqualTo(gap + 1e-5, loss - losses[^1], "The gap is at least the distance to the optimum.");
        Assert.AreEqual(l1 > 0, weights.Any(row => row.Any(w => w == 0)), "L1 makes weights exactly 0.");
    }

    [TestMethod]
    public void Seed_and_data_decide_every_bit_whatever_the_number_of_threads()
    {
        EmbeddedEngine.Require("there threads race.");
        var view = Labelled.View(30, 4, Labelled.Clouds(rows: 2000, features: 30, classes: 4));
        byte[] Bits(int seed, int threads, bool shuffle = true) => LbfgsMaximumEntropyTests.Bytes(
            new MLContext(seed).MulticlassClassification.Trainers.SdcaMaximumEntropy(
                new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = threads, MaximumNumberOfIterations = 3, Shuffle = shuffle })
                    .Fit(view).Model);

        CollectionAssert.AreEqual(Bits(1, threads: 1), Bits(1, threads: 3));
        CollectionAssert.AreNotEqual(Bits(1, threads: 1), Bits(2, threads: 1));
        CollectionAssert.AreEqual(Bits(1, threads: 1, shuffle: false), Bits(2, threads: 1, shuffle: false));
    }

    [TestMethod]
    public void With_the_defaults_it_classifies_as_well_as_L_BFGS()
    {
        var ml = new MLContext(seed: 1);
        var view = Labelled.View(64, 10, RecordedMaximumEntropy.Rows("digits"));
        double Accuracy(ITransformer model) => ml.MulticlassClassification.Evaluate(model.Transform(view)).MicroAccuracy;

        Assert.AreEqual(
            Accuracy(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0).Fit(view)),
            Accuracy(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(view)),
            0.01);
    }

    private static MaximumEntropyModelParameters Train(IDataView view, SdcaMaximumEntropyMulticlassTrainer.Options options) =>
        new MLContext(seed: 1).MulticlassClassification.Trainers.SdcaMaximumEntropy(options).Fit(view).Model;
}
