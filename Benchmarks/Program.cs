using System.CommandLine;
using System.Globalization;
using MLPipelines.Benchmarks;
using MLPipelines.Learning;

// What each measures, against what, and the figures seen: README.md beside this file.
var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 5, Description = "Measured passes, after one that does not count.", Recursive = true };
var rows = new Option<int>("--rows") { DefaultValueFactory = _ => 1_000_000 };
var classes = new Option<int>("--classes") { DefaultValueFactory = _ => 10 };
var folder = new Argument<string>("folder") { Description = "Folder of image files." };
var size = new Option<int>("--size") { DefaultValueFactory = _ => 224 };
var model = new Option<string>("--model") { Required = true };
var batches = new Option<int[]>("--batches") { DefaultValueFactory = _ => [1, 64], AllowMultipleArgumentsPerToken = true };
var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };

var metrics = new Command("metrics", "Every metric of an evaluation, seconds.") { rows, classes };
metrics.SetAction(parsed => MetricsBenchmark.Run(parsed.GetValue(rows), parsed.GetValue(classes), parsed.GetValue(repeats)));
var temperature = new Command("temperature", "Temperature softmax with top-5, rows/s, and the fit of a temperature, seconds.") { rows, classes };
temperature.SetAction(parsed => TemperatureBenchmark.Run(parsed.GetValue(rows), parsed.GetValue(classes), parsed.GetValue(repeats)));
var images = new Command("images", "Decode, resize and normalise image files, img/s.") { folder, size };
images.SetAction(parsed => ImagesBenchmark.Run(parsed.GetValue(folder)!, parsed.GetValue(size), parsed.GetValue(repeats)));
var score = new Command("score", "Score an ONNX model, beside plain InferenceSession.Run, img/s.") { model, batches, threads };
score.SetAction(parsed => ScoreBenchmark.Run(parsed.GetValue(model)!, parsed.GetValue(batches)!, parsed.GetValue(threads), parsed.GetValue(repeats)));
var preset = new Option<string>("--preset") { DefaultValueFactory = _ => "cifar10-raw", Description = "How images become the model's input; one that stretches." };
var chained = new Option<int>("--rows") { DefaultValueFactory = _ => 2_000, Description = "Images, drawn from the folder." };
var chain = new Command("chain", "Load and score images of a folder through ML.NET's cursors, ours and its own estimators in turn, rows/s.") { folder, model, preset, chained };
chain.SetAction(parsed => ChainBenchmark.Run(parsed.GetValue(folder)!, parsed.GetValue(model)!, parsed.GetValue(preset)!, parsed.GetValue(chained), parsed.GetValue(repeats)));
var network = new Option<string>("--network") { DefaultValueFactory = _ => "tutorial-cnn", Description = "mlp, tutorial-cnn, cnn, resnet, or a JSON file." };
var input = new Option<string>("--input") { DefaultValueFactory = _ => "28,28,1", Description = "Height, width and channels of a sample." };
var samples = new Option<int>("--rows") { DefaultValueFactory = _ => 60_000 };
var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 128 };
var timed = new Option<int>("--batches") { DefaultValueFactory = _ => 100, Description = "Batches that are timed." };
var warmUp = new Option<double>("--warmup") { DefaultValueFactory = _ => 4, Description = "Seconds of training before them." };
var optimizer = new Option<string>("--optimizer") { DefaultValueFactory = _ => "rmsprop", Description = "rmsprop, adam or sgd." };
var peak = new Option<bool>("--peak") { Description = "Measure the machine's multiply-add peak too, and print the share of it." };
var train = new Command("train", "Train a network on random data, ms per batch and GFLOP/s.") { network, input, classes, samples, batch, timed, warmUp, optimizer, threads, peak };
train.SetAction(parsed =>
{
    int[] sides = [.. parsed.GetValue(input)!.Split(',').Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
    if (sides.Length != 3) throw new ArgumentException($"--input is '{parsed.GetValue(input)}'; it must be height, width and channels, as 28,28,1.");
    TrainingBenchmark.Run(
        new TrainingBenchmarkSettings(
            parsed.GetValue(network)!, new ImageShape(sides[0], sides[1], sides[2]), parsed.GetValue(classes), parsed.GetValue(samples),
            parsed.GetValue(batch), parsed.GetValue(optimizer)!, parsed.GetValue(threads), parsed.GetValue(warmUp), parsed.GetValue(timed)),
        parsed.GetValue(peak));
});
var described = new Argument<string>("network") { Description = "mlp, tutorial-cnn, cnn, resnet, or a JSON file." };
var describe = new Command("describe", "Print a network's JSON form, which peers/train_torch.py reads.") { described };
describe.SetAction(parsed => Console.WriteLine(TrainingBenchmark.Definition(parsed.GetValue(described)!).ToJson()));

return new RootCommand("Speed of MLPipelines, to be set against its peers.") { repeats, metrics, temperature, images, score, chain, train, describe }.Parse(args).Invoke();
