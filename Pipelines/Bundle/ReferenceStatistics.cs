namespace MLPipelines.Pipelines;

/// <summary>What the training data and the model's answers to them looked like: the yardstick for data that come later
/// (<c>reference.json</c>).</summary>
/// <remarks>Pixels are measured after decoding and resizing, in units of 0 to 255 whatever the model's normalisation, so that models can be
/// compared.</remarks>
/// <param name="Images">The number of images measured.</param>
/// <param name="Channels">One entry per channel, in the model's order.</param>
/// <param name="Brightness">Histogram of the images' mean pixel value: 32 bins from 0 to 256.</param>
/// <param name="Labels">The number of images per class, in the model's order.</param>
/// <param name="Predicted">How often each class was the model's first choice.</param>
/// <param name="Confidence">Histogram of the first choice's calibrated probability: 20 bins from 0 to 1.</param>
/// <param name="MeanConfidence">The mean of that probability.</param>
public sealed record ReferenceStatistics(
    long Images,
    IReadOnlyList<ChannelReference> Channels,
    IReadOnlyList<long> Brightness,
    IReadOnlyList<long> Labels,
    IReadOnlyList<long> Predicted,
    IReadOnlyList<long> Confidence,
    double MeanConfidence);

/// <summary>The pixels of one colour channel, in units of 0 to 255.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their standard deviation (divided by the number of pixels).</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
public sealed record ChannelReference(double Mean, double StandardDeviation, double Minimum, double Maximum);
