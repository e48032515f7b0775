using System.Globalization;
using System.Text;

namespace MLPipelines.Learning;

/// <summary>A definition applied to an input shape and a number of classes: every layer with its name, shapes and tensors.</summary>
/// <param name="Definition">The architecture.</param>
/// <param name="Input">A sample.</param>
/// <param name="Classes">The logits of a sample.</param>
/// <param name="Layers">The layers, first to last.</param>
public sealed record NetworkShape(NetworkDefinition Definition, ImageShape Input, int Classes, IReadOnlyList<LayerShape> Layers)
{
    /// <summary>All layers, those in branches before the one that joins them.</summary>
    public IEnumerable<LayerShape> AllLayers => Layers.SelectMany(layer => layer.Flattened);

    /// <summary>All tensors that are learnt.</summary>
    public IReadOnlyList<ParameterTensor> Weights { get; } = [.. Layers.SelectMany(layer => layer.Flattened).SelectMany(layer => layer.Weights)];

    /// <summary>All tensors that are measured.</summary>
    public IReadOnlyList<ParameterTensor> State { get; } = [.. Layers.SelectMany(layer => layer.Flattened).SelectMany(layer => layer.State)];

    /// <summary>How many numbers are learnt.</summary>
    public int WeightCount => Weights.Sum(tensor => tensor.Length);

    /// <summary>How many numbers are measured: running means and variances.</summary>
    public int StateCount => State.Sum(tensor => tensor.Length);

    /// <summary>Multiplications with a following addition for one sample, forward.</summary>
    public long MultiplyAdds => AllLayers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Works out the shapes.</summary>
    /// <exception cref="InvalidDataException">The layers do not fit each other, the input or the classes; the message names the layer.</exception>
    public static NetworkShape Of(NetworkDefinition definition, ImageShape input, int classes) =>
        new NetworkShapeInference(classes).Infer(definition, input);

    /// <summary>The layer table as Keras users know it: name and type, output shape, parameters, and multiply-adds.</summary>
    public string Summary()
    {
        List<string[]> rows = [["Layer (type)", "Output shape", "Parameters", "Multiply-adds"]];
        Append(rows, Layers, "");
        var widths = Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var rule = new string('─', widths.Sum() + 6);
        var text = new StringBuilder().Append(Definition.Name).Append(": ").Append(Input).Append(" → ").Append(Classes).AppendLine(" classes").AppendLine(rule);
        foreach (var (index, row) in rows.Index())
        {
            text.Append(row[0].PadRight(widths[0] + 2)).Append(row[1].PadRight(widths[1] + 2));
            text.Append(row[2].PadLeft(widths[2])).Append("  ").AppendLine(row[3].PadLeft(widths[3]));
            if (index == 0) text.AppendLine(rule);
        }

        text.AppendLine(rule);
        text.AppendLine(CultureInfo.InvariantCulture, $"Parameters: {WeightCount + StateCount:N0} (trained {WeightCount:N0}, measured {StateCount:N0})");
        text.Append(CultureInfo.InvariantCulture, $"Multiply-adds per sample: {MultiplyAdds:N0}");
        return text.ToString();
    }

    private static void Append(List<string[]> rows, IReadOnlyList<LayerShape> layers, string indent)
    {
        foreach (var layer in layers)
        {
            var count = layer.Weights.Concat(layer.State).Sum(tensor => tensor.Length);
            rows.Add(
            [
                $"{indent}{layer.Name} ({layer.Definition.Type})", layer.Output.ToString(),
                count.ToString("N0", CultureInfo.InvariantCulture), layer.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture),
            ]);
            foreach (var branch in layer.Branches) Append(rows, branch, indent + "  ");
        }
    }
}
