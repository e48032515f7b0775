using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;
using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Benchmarks;

/// <summary>Whole pipelines from image files to scores, read row by row through a cursor: ours against ML.NET's own estimators, as they come and with ONNX
/// Runtime on one thread a run, which is what makes them fastest here.</summary>
/// <remarks>The preset stretches images and takes bytes as they are or times one scale, grey or RGB: what ML.NET's estimators can do as well.</remarks>
internal static class ChainBenchmark
{
    private const string Path = "Path", Tensor = "Tensor", Score = "Score";

    public static void Run(string folder, string model, string preset, int rows, int repeats)
    {
        var ml = new MLContext();
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select((file, i) => (file, i)).OrderBy(pair => (pair.i * 2654435761L) % uint.MaxValue).Take(rows).Select(pair => pair.file),
        ];
        var data = ml.Data.LoadFromEnumerable(files.Select(file => new ImageFile { Path = file }));
        var preprocessing = PreprocessingPresets.Get(preset);
        using var classifier = ml.Transforms.ScoreOnnx(Score, Tensor, model).Fit(
            ml.Transforms.LoadImageTensors(Tensor, Path, preprocessing).Fit(data).Transform(data));
        var (input, output) = (classifier.InputName, classifier.OutputName);

        var ours = ml.Transforms.LoadImageTensors(Tensor, Path, preprocessing).Fit(data);
        var resized = ml.Transforms.LoadImages("Image", "", Path)
            .Append(ml.Transforms.ResizeImages("Image", preprocessing.Width, preprocessing.Height, resizing: ImageResizingEstimator.ResizingKind.Fill));
        var isLast = preprocessing.Layout == TensorLayout.ChannelsLast;
        var theirs = preprocessing.Colors == ColorOrder.Grey
            ? resized.Append(ml.Transforms.ConvertToGrayscale("Grey", "Image"))
                .Append(ml.Transforms.ExtractPixels(
                    input, "Grey", ImagePixelExtractingEstimator.ColorBits.Red, scaleImage: preprocessing.Scale)).Fit(data)
            : resized.Append(ml.Transforms.ExtractPixels(input, "Image", interleavePixelColors: isLast, scaleImage: preprocessing.Scale)).Fit(data);
        var (ourTensors, theirTensors) = (ours.Transform(data), theirs.Transform(data));

        // Tensors in memory: ML.NET's cache keeps what was read once.
        var ourCache = ml.Data.Cache(ourTensors, Tensor);
        var theirCache = ml.Data.Cache(theirTensors, input);
        var plain = ml.Transforms.ApplyOnnxModel([output], [input], model, gpuDeviceId: null, fallbackToCpu: false).Fit(theirTensors);
        var tuned = ml.Transforms.ApplyOnnxModel(new OnnxOptions
        {
            ModelFile = model, InputColumns = [input], OutputColumns = [output], IntraOpNumThreads = 1, InterOpNumThreads = 1,
        }).Fit(theirTensors);

        Compare("load", (ourTensors, Tensor), (theirTensors, input));
        Compare("score", (classifier.Transform(ourCache), Score), (plain.Transform(theirCache), output), (tuned.Transform(theirCache), output));
        Compare("load and score", (classifier.Transform(ourTensors), Score), (plain.Transform(theirTensors), output), (tuned.Transform(theirTensors), output));

        void Compare(string what, params (IDataView View, string Column)[] sides)
        {
            string[] names = ["ours", "ML.NET", "ML.NET, one thread a run"];
            Measurement.Compare(
                "chain", $"{System.IO.Path.GetFileNameWithoutExtension(model)}, {what}, {files.Length} images", Environment.ProcessorCount, repeats, "rows/s", files.Length,
                [.. sides.Select((side, i) => (names[i], (Action)(() => Read(side.View, side.Column, files.Length))))]);
        }
    }

    private static void Read(IDataView view, string name, int expected)
    {
        var column = view.Schema[name];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> value = default;
        var count = 0;
        for (; cursor.MoveNext(); count++)
            getter(ref value);
        if (count != expected)
            throw new InvalidOperationException($"Bug in MLPipelines: {count} of {expected} rows were read.");
    }

    private sealed class ImageFile
    {
        public string Path { get; init; } = "";
    }
}
