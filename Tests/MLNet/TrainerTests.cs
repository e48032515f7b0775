using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using MLPipelines.Tests.Transforms;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.MLNet;

/// <summary>ML.NET's multiclass trainers and what ours make of their scores.</summary>
[TestClass]
public sealed class TrainerTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly MulticlassClassificationCatalog.MulticlassClassificationTrainers Catalog = Context.MulticlassClassification.Trainers;

    public static IEnumerable<TrainerCase> Trainers =>
    [
        new("LbfgsMaximumEntropy", SoftmaxInput.Probabilities, () => Catalog.LbfgsMaximumEntropy()),
        new("SdcaMaximumEntropy", SoftmaxInput.Probabilities, () => Catalog.SdcaMaximumEntropy(maximumNumberOfIterations: 20)),
        new("SdcaNonCalibrated", SoftmaxInput.Logits, () => Catalog.SdcaNonCalibrated(maximumNumberOfIterations: 20)),
        new("LightGbm", SoftmaxInput.Probabilities, () => Catalog.LightGbm(
            new LightGbmMulticlassTrainer.Options { NumberOfIterations = 10, NumberOfThreads = 1 })),
        new("FastTree, one versus all", SoftmaxInput.Probabilities, () => Catalog.OneVersusAll(Context.BinaryClassification.Trainers.FastTree(
            new FastTreeBinaryTrainer.Options { NumberOfTrees = 10, NumberOfThreads = 1 }))),
        new("NaiveBayes", SoftmaxInput.Logits, () => Catalog.NaiveBayes()),
    ];

    [TestMethod, DynamicData(nameof(Trainers))]
    public void Scores_are_probabilities_or_logits_by_trainer(TrainerCase trainer)
    {
        var rows = NoisyRows.View(Context, 200, seed: 1);
        float[][] scores = [.. trainer.Create().Fit(rows).Transform(rows).GetColumn<float[]>("Score")];

        Assert.AreEqual(
            trainer.Scores == SoftmaxInput.Probabilities,
            scores.All(row => row.All(score => score is >= 0 and <= 1) && Math.Abs(row.Sum() - 1) < 1e-4));
    }

    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_calibrated_trainer_ranks_as_it_predicts_and_survives_saving(TrainerCase trainer)
    {
        var (training, test) = (NoisyRows.View(Context, 200, seed: 1), NoisyRows.View(Context, 60, seed: 2));
        var model = Catalog.Calibrated(trainer.Create(), input: trainer.Scores, rows: new HeldOutShare(0.3))
            .Append(Context.Transforms.TopN("Top", "Probability", n: 2)).Fit(training);
        using var file = new MemoryStream();
        Context.Model.Save(model, training.Schema, file);
        file.Position = 0;
        var (made, loaded) = (model.Transform(test), Context.Model.Load(file, out _).Transform(test));

        Assert.IsTrue(made.GetColumn<float[]>("Probability").All(row => Math.Abs(row.Sum() - 1) < 1e-5));
        CollectionAssert.AreEqual(
            made.GetColumn<uint>("PredictedLabel").Select(key => key - 1L).ToArray(),
            made.GetColumn<long[]>("Top.Index").Select(row => row[0]).ToArray());
        CollectionAssert.AreEqual(made.Lines("Probability"), loaded.Lines("Probability"));
        CollectionAssert.AreEqual(made.Lines("Top.Label"), loaded.Lines("Top.Label"));
    }

    // Behind ScoreOnnx and before a trainer: a network's output as the features of another classifier.
    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_trainer_learns_from_what_an_ONNX_model_gives(TrainerCase trainer)
    {
        var rows = Context.Data.LoadFromEnumerable(SampleRows.All.Where(row => !float.IsNaN(row.Pixels[0])));
        using var model = Context.Transforms.ScoreOnnx("Features", "Pixels", SampleRows.Model()).AppendCacheCheckpoint(Context)
            .Append(trainer.Create()).Fit(rows);

        Assert.IsTrue(model.Transform(rows).GetColumn<float[]>("Score").All(row => row.Length == 3 && row.All(float.IsFinite)));
    }

    [TestMethod]
    public void LbfgsMaximumEntropy_says_nothing_of_its_iterations()
    {
        var (lines, ml) = (new List<string>(), new MLContext(seed: 1));
        ml.Log += (_, line) => lines.Add(line.Message);
        ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { ShowTrainingStatistics = true })
            .Fit(NoisyRows.View(ml, 200, seed: 1));

        Assert.IsFalse(lines.Any(line => line.Contains("loss", StringComparison.OrdinalIgnoreCase)));
    }

    public sealed record TrainerCase(string Name, SoftmaxInput Scores, Func<IEstimator<ITransformer>> Create)
    {
        public override string ToString() => Name;
    }
}
