using MLPipelines.Images;
using MLPipelines.Onnx;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>What an ONNX file does not say about itself.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>What the model is to be called; null: the file's name.</summary>
    public string? Name { get; init; }

    /// <summary>The class names in the order of the output; <see cref="LabelsFile"/> reads them from a file.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How images become the model's input, by the name of one of the <see cref="PreprocessingPresets"/>; size, layout and number
    /// of channels are the model's own.</summary>
    public string? Preset { get; init; }

    /// <summary>The same in full, for what no preset describes.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The image input, where the model has several.</summary>
    public string? Input { get; init; }

    /// <summary>The output of the classes, where the model has several.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the output is logits or probabilities, where the graph's end does not tell rightly.</summary>
    public SoftmaxInput? OutputKind { get; init; }

    /// <summary>When the bundle is made, as the caller says.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Makes a bundle of a foreign ONNX classifier.</summary>
public static class OnnxImport
{
    /// <summary>Reads a model, adds what it does not say about itself, and tries it on a black image.</summary>
    /// <param name="path">The ONNX file; its weights must be inside.</param>
    /// <param name="options">Labels, preprocessing, and what else is not clear.</param>
    /// <exception cref="ArgumentException">Labels or preprocessing are missing; the error says what the model expects and which presets
    /// there are.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX model, or the options do not fit it.</exception>
    /// <exception cref="NotSupportedException">The model is no classifier of images in float32.</exception>
    public static ModelBundle Import(string path, OnnxImportOptions options)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"The ONNX file '{path}' does not exist.", path);
        var bytes = File.ReadAllBytes(path);
        var model = OnnxModelFile.Read(bytes, path);
        var classifier = OnnxClassifierDescription.Of(model, path, options.Input, options.Output);
        if (options.OutputKind is { } kind && kind != classifier.OutputKind)
        {
            // Who says that the output is probabilities means the output itself, and not what is inside.
            var output = options.Output ?? model.Outputs[0].Name;
            classifier = classifier with { Output = output, OutputKind = kind, IsInnerOutput = false };
        }
        var manifest = new BundleManifest
        {
            Name = options.Name ?? Path.GetFileNameWithoutExtension(path),
            CreatedAt = options.CreatedAt,
            Labels = Labels(classifier, options, path),
            Preprocessing = Preprocessing(classifier, options.Preset, options.Preprocessing, path),
            Model = new ModelSignature(classifier.Input, classifier.Output, classifier.OutputKind),
        };
        var bundle = ModelBundle.Create(manifest, classifier.IsInnerOutput ? model.WithOutputs(classifier.Output) : bytes);
        Try(bundle, path);
        return bundle;
    }

    private static IReadOnlyList<string> Labels(OnnxClassifierDescription classifier, OnnxImportOptions options, string path)
    {
        if (options.Labels is null)
        {
            throw new ArgumentException(
                $"'{path}' has {classifier.Classes?.ToString() ?? "an unknown number of"} classes and does not name them. Give "
                + $"{nameof(options.Labels)} (--labels): a file with one name a line, "
                + "in the order of the output, or a JSON list or map.");
        }
        if (classifier.Classes is { } count && count != options.Labels.Count)
        {
            throw new InvalidDataException(
                $"'{path}' has {count} classes, and {options.Labels.Count} labels were given."
                + (Math.Abs(count - options.Labels.Count) == 1
                    ? " One too many or too few is often a background class at the beginning of one of the two."
                    : ""));
        }
        return options.Labels;
    }

    /// <summary>The preset in the model's own size and layout, or the preprocessing as it is given.</summary>
    /// <exception cref="ArgumentException">Neither is given, or both are.</exception>
    /// <exception cref="InvalidDataException">What is given has another number of channels than the model takes.</exception>
    internal static ImagePreprocessing Preprocessing(OnnxClassifierDescription classifier, string? preset, ImagePreprocessing? preprocessing, string path)
    {
        if (preset is not null && preprocessing is not null)
            throw new ArgumentException($"Give {nameof(OnnxImportOptions.Preset)} or {nameof(OnnxImportOptions.Preprocessing)}, not both.");
        var size = $"{classifier.Width?.ToString() ?? "?"} × {classifier.Height?.ToString() ?? "?"} pixels, "
            + $"{classifier.Channels} channel{(classifier.Channels == 1 ? "" : "s")}, {classifier.Layout}";
        var given = preprocessing ?? (preset is null ? null : PreprocessingPresets.Get(preset));
        if (given is null)
        {
            var fitting = PreprocessingPresets.All.Where(each => each.Preprocessing.Channels == classifier.Channels);
            throw new ArgumentException(
                $"'{path}' takes images of {size}, and an ONNX file does not say how pixels are scaled and in which order the colours stand. Give "
                + $"{nameof(OnnxImportOptions.Preset)} (--preset), one of: "
                + $"{string.Join("; ", fitting.Select(each => $"{each.Name} ({each.Description.TrimEnd('.')})"))}.");
        }
        if (given.Channels != classifier.Channels)
            throw new InvalidDataException(
                $"The preprocessing makes {given.Channels} channel{(given.Channels == 1 ? "" : "s")} ({given.Colors}); '{path}' takes images of "
                + $"{size}.");
        if (preset is null) return given;

        // A preset is a family's habit, and its size only the commonest; the shorter side keeps its proportion to the crop (256 to 224).
        var (width, height) = (classifier.Width ?? given.Width, classifier.Height ?? given.Height);
        return given with
        {
            Width = width,
            Height = height,
            Layout = classifier.Layout,
            ShorterSide = given.ShorterSide is { } side
                ? (int)Math.Round((double)side * Math.Max(width, height) / Math.Max(given.Width, given.Height))
                : null,
        };
    }

    private static void Try(ModelBundle bundle, string path)
    {
        try
        {
            using var session = new ClassifierSession(bundle);
            session.Run(new float[session.ItemLength]);
        }
        catch (OnnxModelException error)
        {
            throw new InvalidDataException($"'{path}' cannot be run: {error.Message}", error);
        }
    }
}
