using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>The contents of a bundle's <c>manifest.json</c>: everything about a model that is not its weights. See docs/bundle.md.</summary>
public sealed record BundleManifest
{
    /// <summary>The schema version that this library writes, and the newest that it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The version of this schema.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>What the model is called, such as <c>flowers</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When the model was made, as the maker says; nothing in a bundle depends on the clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The class names in the order of the model's output.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>How an image becomes the model's input.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>The ONNX model's input and output.</summary>
    public required ModelSignature Model { get; init; }

    /// <summary>The softmax's temperature and what it was fitted on; null: never fitted, the temperature is 1.</summary>
    public CalibrationRecord? Calibration { get; init; }

    /// <summary>How the model was trained; null where that is not known (an imported model).</summary>
    public TrainingRecord? Training { get; init; }

    /// <summary>The <see cref="ModelBundle.Hash"/> of the bundle that this one was made from; null where there is none.</summary>
    public string? Parent { get; init; }

    /// <summary>What made the bundle.</summary>
    public EngineRecord Engine { get; init; } = EngineRecord.Current();

    /// <summary>Every other file in the bundle; filled in by <see cref="ModelBundle"/>.</summary>
    public IReadOnlyList<BundlePart> Parts { get; init; } = [];
}

/// <summary>The ONNX model's input and output.</summary>
/// <param name="Input">The name of the image input, of the shape batch × <see cref="ImagePreprocessing.Dimensions"/>.</param>
/// <param name="Output">The name of the output that holds one number per class.</param>
/// <param name="OutputKind">Whether the output is logits or probabilities.</param>
public sealed record ModelSignature(string Input, string Output, SoftmaxInput OutputKind);

/// <summary>A softmax's temperature, and the evidence for it.</summary>
/// <param name="Temperature">What logits are divided by; above 0. Above 1 it lowers the confidence.</param>
/// <param name="Data">The name of the data set that it was fitted on.</param>
/// <param name="DataHash">That data set's <see cref="DatasetSplit.ContentHash"/>.</param>
/// <param name="Rows">The number of images that it was fitted on.</param>
/// <param name="NllBefore">Their mean negative log-likelihood in nats at temperature 1.</param>
/// <param name="NllAfter">The same at <paramref name="Temperature"/>.</param>
/// <param name="EceBefore">Their expected calibration error at temperature 1, from 0 to 1.</param>
/// <param name="EceAfter">The same at <paramref name="Temperature"/>.</param>
public sealed record CalibrationRecord(
    double Temperature, string Data, string DataHash, long Rows, double NllBefore, double NllAfter, double EceBefore, double EceAfter);

/// <summary>How a model was trained.</summary>
/// <param name="Trainer">The trainer, such as <c>maxent</c>.</param>
/// <param name="Settings">Its settings, by name.</param>
/// <param name="Seed">The seed of everything random.</param>
/// <param name="Data">The name of the training data.</param>
/// <param name="DataHash">The <see cref="DatasetSplit.ContentHash"/> of what the weights were fitted on.</param>
/// <param name="Rows">The number of images that the weights were fitted on.</param>
public sealed record TrainingRecord(string Trainer, IReadOnlyDictionary<string, string> Settings, int Seed, string Data, string DataHash, long Rows);

/// <summary>A file in a bundle.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record BundlePart(string Name, long Size, string Sha256);
