namespace MLPipelines.Learning;

/// <summary>How one part of the data, training or validation, did in an epoch.</summary>
/// <param name="Loss">The mean loss of a sample, as it was minimised; NaN or infinite where the computation failed.</param>
/// <param name="Confusion">Every sample by truth and prediction. It belongs to the record: whoever counts on takes a clone.</param>
public sealed record PartRecord(double Loss, ConfusionCounts Confusion);
