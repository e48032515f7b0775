using MLPipelines.Images;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>Whether an ONNX model's declared input and output fit a preprocessing and a list of labels.</summary>
internal static class ClassifierShape
{
    /// <summary>Checks the model against the manifest. What the model leaves open (a dimension decided at run time) fits.</summary>
    /// <exception cref="InvalidDataException">An input or output is missing, or has another type or shape.</exception>
    public static void Check(OnnxModelFile model, BundleManifest manifest)
    {
        if (model.Inputs.Count != 1)
            throw new InvalidDataException(
                $"The model has {model.Inputs.Count} inputs ({string.Join(", ", model.Inputs)}); a classifier of images has one.");
        CheckInput(Find(model.Inputs, manifest.Model.Input, "input"), manifest.Preprocessing);
        CheckOutput(Find(model.Outputs, manifest.Model.Output, "output"), manifest.Labels.Count);
    }

    /// <summary>The number of classes that an output's shape tells: the product of all dimensions but the batch; null where it is left
    /// open.</summary>
    /// <remarks>SqueezeNet gives [N, 1000, 1, 1], which is 1000 classes.</remarks>
    public static long? ClassCount(OnnxValueInfo output)
    {
        if (output.Dimensions is null or { Count: 0 }) return null;
        var dimensions = output.Dimensions.Count == 1 ? output.Dimensions : output.Dimensions.Skip(1);
        return dimensions.Aggregate((long?)1, (product, dimension) => product * dimension.Size);
    }

    private static void CheckInput(OnnxValueInfo input, ImagePreprocessing preprocessing)
    {
        if (input.ElementType != TensorElementType.Float)
            throw new InvalidDataException($"The input {input} takes {input.ElementType}; tensors of images are Float.");
        if (input.Dimensions is null) return;

        var expected = preprocessing.Dimensions;
        if (input.Dimensions.Count != expected.Count + 1
            || input.Dimensions.Skip(1).Zip(expected).Any(pair => pair.First.Size is { } size && size != pair.Second))
            throw new InvalidDataException(
                $"The input {input} does not take images of "
                + $"[{string.Join(",", expected.Prepend(-1)).Replace("-1", "N", StringComparison.Ordinal)}], which is what the preprocessing makes "
                + $"({preprocessing}).");
    }

    private static void CheckOutput(OnnxValueInfo output, int labels)
    {
        if (output.ElementType is not (TensorElementType.Float or null))
            throw new InvalidDataException($"The output {output} gives {output.ElementType}; scores are Float.");
        if (ClassCount(output) is { } count && count != labels)
            throw new InvalidDataException($"The output {output} has {count} classes, and there are {labels} labels.");
    }

    private static OnnxValueInfo Find(IReadOnlyList<OnnxValueInfo> values, string name, string what) =>
        values.FirstOrDefault(value => value.Name == name)
        ?? throw new InvalidDataException($"The model has no {what} '{name}'; it has {string.Join(", ", values)}.");
}
