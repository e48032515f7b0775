// An image classifier composed by hand from ML.NET estimators: load, train, calibrate, rank, evaluate, report.
//   dotnet run -c Release --project samples/ComposeByHand [FOLDER]       FOLDER: train/CLASS/*.png and test/CLASS/*.png; drawn where there is none
using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLPipelines.Evaluation;
using MLPipelines.Images;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

var folder = args is [var given] ? given : "samples-data";
if (!Directory.Exists(folder))
    SampleImages.Write(folder, new() { Difficulty = 0.1 });    // simple enough for a linear model

var ml = new MLContext(seed: 1);
IDataView Rows(ImageDataset images) => ml.Data.LoadFromEnumerable(images.Items.Select(image => new Image { Path = image.Id, Label = image.Label! }));
var data = ImageDataset.Open(folder);
var train = ml.Data.TrainTestSplit(Rows(data.ForTraining()), testFraction: 0.1);

// Image files become tensors of 1 × 32 × 32; a maximum-entropy classifier learns from them.
var pixels = PreprocessingPresets.Get("unit") with { Width = 32, Height = 32, Colors = ColorOrder.Grey };
var classifier = ml.Transforms.LoadImageTensors("Features", "Path", pixels, options: new() { ImageFolder = folder })
    .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
    .AppendCacheCheckpoint(ml)
    .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = 50 }))
    .Fit(train.TrainSet);

// The temperature is fitted on images that the weights have not seen; the three best classes follow from the probabilities.
var model = ml.Transforms.TemperatureSoftmax("Probability", "Score", labelColumnName: "Label", SoftmaxInput.Probabilities)
    .Append(ml.Transforms.TopN("Top", "Probability", n: 3))
    .Fit(classifier.Transform(train.TestSet));

// Evaluate on the test part, which nothing was chosen by.
var scored = model.Transform(classifier.Transform(Rows(data.ForEvaluation())));
var evaluation = ClassificationEvaluation.Of(ScoredDataView.Read(scored, scoreColumn: "Probability", idColumn: "Path"));
foreach (var each in evaluation.PerClass)
    Console.WriteLine($"{each.Label,-10} precision {each.Precision:0.000}  recall {each.Recall:0.000}  F1 {each.F1:0.000}");
Console.WriteLine($"accuracy {evaluation[LabelMetrics.Accuracy]:0.000}, macro F1 {evaluation[LabelMetrics.MacroF1]:0.000}; first image: {string.Join(", ", scored.ReadTopN("Top").First())}");
new EvaluationReport(evaluation, new() { Title = "Composed by hand", Thumbnails = id => File.ReadAllBytes(Path.Combine(folder, id)) }).Write("report.html");

internal sealed class Image
{
    public string Path { get; set; } = "";

    public string Label { get; set; } = "";
}
