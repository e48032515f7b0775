using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>How one part of the data, training or validation, did in an epoch.</summary>
/// <param name="Loss">The mean loss of a sample, as it was minimised; NaN or infinite where the computation failed.</param>
/// <param name="Confusion">Every sample by truth and prediction. It belongs to the record: whoever counts on takes a clone.</param>
public sealed record PartRecord(double Loss, [property: JsonPropertyOrder(3)] ConfusionCounts Confusion)
{
    /// <summary>The share of samples predicted rightly; NaN where there are none.</summary>
    [JsonPropertyOrder(1)]
    public double Accuracy => Confusion.Accuracy;

    /// <summary>The mean F1 of the classes where it is defined; NaN where it is nowhere.</summary>
    [JsonPropertyOrder(2)]
    public double MacroF1 => Confusion.MacroF1;
}
