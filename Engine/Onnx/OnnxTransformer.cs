using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Scores rows with an ONNX model: reads the columns that are called as its inputs, adds columns called as its outputs.</summary>
/// <remarks>
/// Where the model takes any number of rows at once, a cursor reads up to 32 rows per core ahead and runs them together; a prediction engine runs each
/// row by itself. The results are the same up to the rounding of the runtime's kernels, and come in the order of the rows. Safe for several threads.
/// The model is held in memory: its file may go, and a saved ML.NET model contains it.
/// </remarks>
public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    internal const string Signature = "OnnxScoring";

    private const string ModelPart = "OnnxModel";

    private OnnxTransformer(MLContext context, OnnxModel model) : base(context) => Model = model;

    internal OnnxModel Model { get; }

    internal static OnnxTransformer Create(MLContext context, byte[] bytes, string name, OnnxModelSettings settings, int? gpuDeviceId, bool fallbackToCpu)
    {
        if (gpuDeviceId is null)
            (gpuDeviceId, fallbackToCpu) = (context.GpuDeviceId, context.FallbackToCpu);
        if (gpuDeviceId is { } device && !fallbackToCpu)
        {
            throw new InvalidOperationException(
                $"The ONNX model {name} was to run on GPU {device}; this engine runs models on the CPU. Set fallbackToCpu, or build with -p:MLNet=NuGet.");
        }

        if (gpuDeviceId is not null)
            context.Write(ChannelMessageKind.Warning, nameof(OnnxTransformer), $"The ONNX model {name} runs on the CPU: this engine does not use GPUs.");
        return new(context, new OnnxModel(bytes, settings, name));
    }

    internal static OnnxTransformer Load(ModelLoadContext context)
    {
        var state = context.ReadState<State>();
        var settings = OnnxModelSettings.Of(state.Inputs, state.Outputs, state.Shapes);
        try
        {
            return Create(context.Context, context.ReadBinary(ModelPart), "in the model file", settings, gpuDeviceId: null, fallbackToCpu: false);
        }
        catch (Exception contradiction) when (contradiction is ArgumentException or InvalidOperationException)
        {
            throw context.Damaged(contradiction.Message);
        }
    }

    /// <summary>Frees the model. Views and rows that still use it throw <see cref="ObjectDisposedException"/> from now on.</summary>
    public void Dispose() => Model.Dispose();

    private protected override IRowToRowMapper Bind(DataViewSchema inputSchema) => new OnnxMapping(Model, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.WriteState(Signature, new State(
            [.. Model.Inputs.Select(port => port.Name)],
            [.. Model.Outputs.Select(port => port.Name)],
            Model.Settings.Shapes.ToDictionary()));
        ctx.WriteBinary(ModelPart, Model.Bytes);
    }

    private sealed record State(string[] Inputs, string[] Outputs, Dictionary<string, int[]> Shapes);
}
