using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Transforms;

/// <summary>A row with everything that the estimators read.</summary>
public sealed class SampleRow
{
    [VectorType(3)]
    public float[] Scores { get; set; } = [0, 0, 0];

    [VectorType(1, 2, 2)]
    public float[] Pixels { get; set; } = [0, 0, 0, 0];

    public byte[] Image { get; set; } = [];

    public string Id { get; set; } = "";

    [KeyType(3)]
    public uint Label { get; set; }
}

/// <summary>Whatever a prediction may hold; what is not there stays null.</summary>
public sealed class SampleOutput
{
    public float[]? Out { get; set; }

    [ColumnName("Out.Label")]
    public string[]? Labels { get; set; }

    [ColumnName("Out.Probability")]
    public float[]? Probabilities { get; set; }

    [ColumnName("Out.Index")]
    public long[]? Indices { get; set; }
}

internal static class SampleRows
{
    /// <summary>150 rows: more than two batches; row 70 has NaN scores and pixels.</summary>
    public static IReadOnlyList<SampleRow> All { get; } = [.. Enumerable.Range(0, 150).Select(Row)];

    public static IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(All);

    /// <summary>[N, 1, 2, 2] → [N, 3]: each score is a pixel plus 10 times the fourth.</summary>
    public static byte[] Model(params ReadOnlySpan<OnnxDimension> outputDimensions) => new OnnxGraphBuilder("sample")
        .Input("x", TensorElementType.Float, "N", 1, 2, 2)
        .Initializer("shape", OnnxTensor.Of<long>([-1, 4], 2))
        .Initializer("weights", OnnxTensor.Of<float>([1, 0, 0, 0, 1, 0, 0, 0, 1, 10, 10, 10], 4, 3))
        .Node("Reshape", ["x", "shape"], ["flat"])
        .Node("MatMul", ["flat", "weights"], ["scores"])
        .Output("scores", TensorElementType.Float, outputDimensions.IsEmpty ? ["N", 3] : outputDimensions)
        .ToBytes();

    public static byte[] Pgm(int width, int height, params byte[] pixels) => [.. Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"), .. pixels];

    private static SampleRow Row(int i)
    {
        byte[] pixels = [(byte)i, (byte)(255 - i), (byte)(i * 7), (byte)(i * 13)];
        float[] values = [.. pixels.Select(pixel => pixel / 16f)];
        return new()
        {
            Id = $"row {i}",
            Label = (uint)(i % 3),
            Pixels = i == 70 ? [float.NaN, 0, 0, 0] : values,
            Scores = i == 70 ? [float.NaN, 1, 2] : [values[0], values[1] / 2, values[2]],
            Image = Pgm(2, 2, pixels),
        };
    }
}
