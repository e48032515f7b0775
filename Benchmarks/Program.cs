using System.CommandLine;
using MLPipelines.Benchmarks;

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
var score = new Command("score", "Score an ONNX model, img/s.") { model, batches, threads };
score.SetAction(parsed => ScoreBenchmark.Run(parsed.GetValue(model)!, parsed.GetValue(batches)!, parsed.GetValue(threads), parsed.GetValue(repeats)));

return new RootCommand("Speed of MLPipelines, to be set against its peers.") { repeats, metrics, temperature, images, score }.Parse(args).Invoke();
