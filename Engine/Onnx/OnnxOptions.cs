namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Everything that can be said about scoring with an ONNX model.</summary>
public sealed class OnnxOptions
{
    /// <summary>The model file.</summary>
    public string ModelFile;

    /// <summary>The model inputs to fill, each from the column of its name; null: all.</summary>
    public string[] InputColumns;

    /// <summary>The model outputs to make columns of; null: all.</summary>
    public string[] OutputColumns;

    /// <summary>The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</summary>
    public int? GpuDeviceId;

    /// <summary>Whether a model that was to run on a GPU runs on the CPU instead of failing.</summary>
    public bool FallbackToCpu;

    /// <summary>Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</summary>
    public IDictionary<string, int[]> ShapeDictionary;

    /// <summary>Threads that share the work of one operator; null: 1, many runs going on side by side; for single rows of large models as many as there are cores.</summary>
    public int? IntraOpNumThreads;

    /// <summary>Threads that run independent operators side by side; null: the library's choice.</summary>
    public int? InterOpNumThreads;
}
