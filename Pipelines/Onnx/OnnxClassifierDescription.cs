using MLPipelines.Images;
using MLPipelines.Onnx;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>What can be read off a foreign ONNX file about the classifier in it, without running it.</summary>
/// <param name="Input">The name of the image input.</param>
/// <param name="Width">The images' width; null where it is decided at run time.</param>
/// <param name="Height">The images' height; null where it is decided at run time.</param>
/// <param name="Channels">1 or 3.</param>
/// <param name="Layout">Where the channels stand.</param>
/// <param name="Output">The name of the output that holds one number per class: the logits, where the softmax at the end could be left out.</param>
/// <param name="OutputKind">Whether that output is logits or probabilities.</param>
/// <param name="IsInnerOutput">Whether <paramref name="Output"/> is a value inside the graph that must be made an output.</param>
/// <param name="Classes">The number of classes; null where it is decided at run time.</param>
public sealed record OnnxClassifierDescription(
    string Input,
    int? Width,
    int? Height,
    int Channels,
    TensorLayout Layout,
    string Output,
    SoftmaxInput OutputKind,
    bool IsInnerOutput,
    long? Classes)
{
    // Operators that only pass on, or reshape, what a softmax gave.
    private static readonly string[] passing = ["Identity", "Flatten", "Reshape", "Squeeze", "Cast", "Dropout"];

    /// <summary>Reads the description off a model.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="source">What the file is called in errors.</param>
    /// <param name="input">The image input; null where the model has only one.</param>
    /// <param name="output">The output of the classes; null where the model has only one.</param>
    /// <exception cref="InvalidDataException">The model has no such input or output, or it is not clear which of several; the error lists
    /// them.</exception>
    /// <exception cref="NotSupportedException">The model is no classifier of images in float32.</exception>
    public static OnnxClassifierDescription Of(OnnxModelFile model, string source, string? input = null, string? output = null)
    {
        var image = Choose(model.Inputs, input, source, "input", nameof(OnnxImportOptions.Input));
        var scores = Choose(model.Outputs, output, source, "output", nameof(OnnxImportOptions.Output));
        if (model.Inputs.Count > 1)
            throw new NotSupportedException(
                $"'{source}' has {model.Inputs.Count} inputs ({string.Join(", ", model.Inputs)}); only models of one image input are supported.");
        var (layout, channels, height, width) = Image(image, source);
        var (name, kind) = Logits(model, scores.Name, source);
        return new OnnxClassifierDescription(
            image.Name, width, height, channels, layout, name, kind, name != scores.Name, ClassifierShape.ClassCount(scores));
    }

    private static (TensorLayout Layout, int Channels, int? Height, int? Width) Image(OnnxValueInfo image, string source)
    {
        if (image.ElementType != TensorElementType.Float)
            throw new NotSupportedException($"The input {image} of '{source}' takes {image.ElementType}; only float32 images are supported.");
        if (image.Dimensions is not [_, var first, var second, var third])
            throw new NotSupportedException($"The input {image} of '{source}' is no batch of images; expected [N,C,H,W] or [N,H,W,C].");

        var (channelsFirst, channelsLast) = (first.Size is 1 or 3, third.Size is 1 or 3);
        if (channelsFirst == channelsLast)
        {
            throw new InvalidDataException(
                $"It is not clear where the channels of the input {image} of '{source}' stand: "
                + $"{(channelsFirst ? "both" : "neither")} the second {(channelsFirst ? "and" : "nor")} the last dimension "
                + $"{(channelsFirst ? "are" : "is")} 1 or 3. "
                + "Export the model with a fixed number of channels and a fixed size.");
        }
        return channelsFirst
            ? (TensorLayout.ChannelsFirst, (int)first.Size!, (int?)second.Size, (int?)third.Size)
            : (TensorLayout.ChannelsLast, (int)third.Size!, (int?)first.Size, (int?)second.Size);
    }

    // Where a softmax ends the graph, what goes into it are the logits; a temperature on those is exact, whereas the logarithms of rounded
    // probabilities are not.
    private static (string Output, SoftmaxInput Kind) Logits(OnnxModelFile model, string output, string source)
    {
        var makers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (var node in model.Nodes)
        {
            foreach (var made in node.Outputs) makers[made] = node;
        }
        var name = output;
        while (makers.TryGetValue(name, out var maker))
        {
            switch (maker.OperatorType)
            {
                case "Softmax" when makers.ContainsKey(maker.Inputs[0]):
                    return (maker.Inputs[0], SoftmaxInput.Logits);
                case "Softmax":
                    return (output, SoftmaxInput.Probabilities);
                case "Sigmoid":
                    throw new NotSupportedException(
                        $"'{source}' ends in a sigmoid: its classes do not exclude each other, and a softmax classifier's do.");
                case var type when passing.Contains(type):
                    name = maker.Inputs[0];
                    continue;
                default:
                    return (output, SoftmaxInput.Logits);
            }
        }
        return (output, SoftmaxInput.Logits);
    }

    private static OnnxValueInfo Choose(IReadOnlyList<OnnxValueInfo> values, string? name, string source, string what, string option)
    {
        var listed = string.Join(", ", values);
        if (name is not null)
            return values.FirstOrDefault(value => value.Name == name) ?? throw new InvalidDataException(
                $"'{source}' has no {what} '{name}'; it has {listed}.");
        return values.Count == 1 ? values[0] : throw new InvalidDataException(
            $"'{source}' has {values.Count} {what}s: {listed}. Say which one with {option}.");
    }
}
