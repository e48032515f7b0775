using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>Writes a linear classifier as an ONNX model: <c>input</c> [N, …] → Flatten → Gemm → <c>logits</c> [N, classes].</summary>
/// <remarks>Any ONNX runtime from opset 13 can use it; the softmax, with its temperature, is left to what comes after.</remarks>
public static class LinearClassifierOnnx
{
    /// <summary>The name of the model's input.</summary>
    public const string Input = "input";

    /// <summary>The name of the model's output.</summary>
    public const string Output = "logits";

    /// <summary>Writes a maximum-entropy model that ML.NET has trained. Its softmax is not part of the ONNX model.</summary>
    /// <param name="model">What <c>LbfgsMaximumEntropy</c> or <c>SdcaMaximumEntropy</c> gives.</param>
    /// <param name="inputDimensions">The shape of one image's tensor; its product is the number of the model's features.</param>
    public static byte[] Write(MaximumEntropyModelParameters model, IReadOnlyList<int> inputDimensions)
    {
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out var classes);
        return Write([.. weights.Take(classes).Select(row => row.DenseValues().ToArray())], [.. model.GetBiases()], inputDimensions);
    }

    /// <summary>Writes a model of given weights.</summary>
    /// <param name="weights">One row per class, one weight per number of the input in row-major order.</param>
    /// <param name="biases">One per class.</param>
    /// <param name="inputDimensions">The shape of one image's tensor, such as [3, 32, 32].</param>
    /// <exception cref="ArgumentException">The numbers of classes or of weights do not fit.</exception>
    public static byte[] Write(IReadOnlyList<float[]> weights, IReadOnlyList<float> biases, IReadOnlyList<int> inputDimensions)
    {
        var length = inputDimensions.Aggregate(1, (product, dimension) => product * dimension);
        if (weights.Count != biases.Count)
            throw new ArgumentException($"There are weights for {weights.Count} classes and biases for {biases.Count}.");
        if (weights.FirstOrDefault(row => row.Length != length) is { } row)
            throw new ArgumentException($"A class has {row.Length} weights; an input of [{string.Join(",", inputDimensions)}] needs {length}.");

        return new OnnxGraphBuilder("linear_classifier")
            .Input(Input, TensorElementType.Float, [(OnnxDimension)"N", .. inputDimensions.Select(dimension => (OnnxDimension)dimension)])
            .Initializer("weights", OnnxTensor.Of<float>([.. weights.SelectMany(row => row)], weights.Count, length))
            .Initializer("biases", OnnxTensor.Of<float>([.. biases], biases.Count))
            .Node("Flatten", [Input], ["flat"], new() { ["axis"] = 1 })
            .Node("Gemm", ["flat", "weights", "biases"], [Output], new() { ["transB"] = 1 })
            .Output(Output, TensorElementType.Float, "N", weights.Count)
            .ToBytes();
    }
}
