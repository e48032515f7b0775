// ML.NET's own image and ONNX estimators, with a calibrated softmax, the best classes and the evaluation of MLPipelines behind them.
//   dotnet run -c Release --project samples/OnMLNet [FOLDER]       FOLDER: train/CLASS/*.png and test/CLASS/*.png; data/shapes if none is given
using Microsoft.ML;
using MLPipelines.Evaluation;
using MLPipelines.Learning;
using MLPipelines.Transforms;

var folder = args is [var given] ? given : Path.Combine("data", "shapes");
string[] classes = [.. Directory.GetDirectories(Path.Combine(folder, "train")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

var ml = new MLContext(seed: 1);
IDataView Rows(string part) => ml.Data.LoadFromEnumerable(
    from name in classes
    from path in Directory.GetFiles(Path.Combine(folder, part, name), "*.png").Order(StringComparer.Ordinal)
    select new Image { Path = Path.GetRelativePath(folder, path), Label = name });
var (training, test) = (ml.Data.TrainTestSplit(Rows("train"), testFraction: 0.25), Rows("test"));

// ML.NET loads, resizes and extracts; the order of the classes is given, not that in which they are met.
var pixels = ml.Transforms.LoadImages("Image", folder, "Path")
    .Append(ml.Transforms.ResizeImages("Image", imageWidth: 32, imageHeight: 32))
    .Append(ml.Transforms.ExtractPixels("input", "Image", scaleImage: 1 / 255f))
    .Append(ml.Transforms.DropColumns("Image"))
    .Append(ml.Transforms.Conversion.MapValueToKey("Label", keyData: ml.Data.LoadFromEnumerable(classes.Select(name => new { name }))))
    .Fit(training.TrainSet);

// An ONNX model, to have one. Leave this out and name your own below, with its input and output.
const string ModelFile = "shapes.onnx";
var network = ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
{
    FeatureColumnName = "input",
    Normalization = Normalization.None,
    Training = new NetworkTrainingSettings { Epochs = 30, BatchSize = 8 },
}).Fit(pixels.Transform(training.TrainSet));
File.WriteAllBytes(ModelFile, NetworkOnnx.Write(network.Model));

// ML.NET runs the model. The temperature is fitted on images that it was not trained on: the rows that Fit is given.
var classifier = ml.Transforms.ApplyOnnxModel("logits", "input", ModelFile)
    .Append(ml.Transforms.TemperatureSoftmax("Probability", "logits", labelColumnName: "Label"))
    .Append(ml.Transforms.TopN("Top", "Probability", n: 3, classes))
    .Fit(pixels.Transform(training.TestSet));
Report("ApplyOnnxModel", classifier.Transform(pixels.Transform(test)));

// One of ML.NET's trainers instead. In one chain the temperature must not see the trainer's own rows, which Calibrated takes care of.
var trained = ml.MulticlassClassification.Trainers
    .Calibrated(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "input"), input: SoftmaxInput.Probabilities)
    .Append(ml.Transforms.TopN("Top", "Probability", n: 3))
    .Fit(ml.Data.Cache(pixels.Transform(Rows("train"))));
Report("LbfgsMaximumEntropy", trained.Transform(pixels.Transform(test)));

// ML.NET saves both, and loads them in programs that know nothing of MLPipelines.
ml.Model.Save(pixels.Append(classifier), Rows("test").Schema, "shapes.zip");
Console.WriteLine($"{Path.GetFullPath("shapes.zip")}: {ml.Model.Load("shapes.zip", out _).Transform(test).ReadTopN("Top").First()[0]}");

void Report(string name, IDataView scored)
{
    var evaluation = ClassificationEvaluation.Of(ScoredDataView.Read(scored, scoreColumn: "Probability", idColumn: "Path", classNames: classes));
    Console.WriteLine($"{name}: accuracy {evaluation[LabelMetrics.Accuracy]:0.000}, macro F1 {evaluation[LabelMetrics.MacroF1]:0.000}; "
        + $"first image: {string.Join(", ", scored.ReadTopN("Top").First())}");
}

internal sealed class Image
{
    public string Path { get; set; } = "";

    public string Label { get; set; } = "";
}
