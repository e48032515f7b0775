using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The starting point: catalogs of everything there is, the seed of everything random, the log.</summary>
/// <remarks>Thread-safe once its options are set.</remarks>
public sealed class MLContext : IHostEnvironment
{
    private readonly int? _seed;

    /// <summary>A context.</summary>
    /// <param name="seed">Makes splits, shuffles and training repeatable; null: different every time.</param>
    public MLContext(int? seed = null)
    {
        _seed = seed;
        Data = new DataOperationsCatalog(this);
        Model = new ModelOperationsCatalog(this);
        Transforms = new TransformsCatalog(this);
        MulticlassClassification = new MulticlassClassificationCatalog(this);
    }

    /// <summary>Making, splitting and reading data views.</summary>
    public DataOperationsCatalog Data { get; }

    /// <summary>Saving, loading and using models.</summary>
    public ModelOperationsCatalog Model { get; }

    /// <summary>Estimators that change columns.</summary>
    public TransformsCatalog Transforms { get; }

    /// <summary>Training and evaluating classifiers.</summary>
    public MulticlassClassificationCatalog MulticlassClassification { get; }

    /// <summary>Where loaded models find the code of their custom mappings.</summary>
    public ComponentCatalog ComponentCatalog { get; } = new();

    /// <summary>The folder for temporary files.</summary>
    public string TempFilePath { get; set; } = Path.GetTempPath();

    /// <summary>The GPU that ONNX models run on; null: the CPU.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>Whether a model that cannot run on the GPU runs on the CPU instead of failing.</summary>
    public bool FallbackToCpu { get; set; } = true;

    /// <summary>What the components have to say.</summary>
    public event EventHandler<LoggingEventArgs> Log;

    internal void Write(ChannelMessageKind kind, string source, string message) => Log?.Invoke(this, new LoggingEventArgs(message, kind, source));

    /// <summary>The random source of one purpose.</summary>
    /// <param name="purpose">Every purpose has its own numbers, whatever else has drawn before.</param>
    /// <param name="seed">The caller's own seed; null: the context's.</param>
    internal Random CreateRandom(string purpose, int? seed = null) => seed switch
    {
        { } own => new Random(own),
        null when _seed is { } common => new Random(common ^ StableHash(purpose)),
        null => new Random(),
    };

    // FNV-1a: string.GetHashCode differs from process to process.
    private static int StableHash(string text) => (int)text.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
}
