namespace MLPipelines.Learning;

/// <summary>The kernels of a 3×3 convolution as <see cref="WinogradTransforms"/> multiply them: [place, plane, channel, filter].</summary>
internal sealed unsafe class TransformedWeights
{
    private readonly WinogradPlanes planes;
    private readonly int channels;
    private readonly int placeStride;
    private readonly AlignedFloats values;
    private readonly AlignedFloats scratch;
    private readonly int scratchLength;

    /// <param name="planes">The planes, forward or backward.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="pitch">Filters, padded to whole vectors.</param>
    public TransformedWeights(WinogradPlanes planes, int channels, int pitch)
    {
        (this.planes, this.channels, Pitch) = (planes, channels, pitch);
        placeStride = WinogradProduct.PlaceStride(planes.Count * channels * pitch);
        values = new AlignedFloats((long)planes.Transforms.Places * placeStride);
        scratchLength = 9 * 16 + planes.Transforms.Scratch(1);
        scratch = new AlignedFloats((long)channels * scratchLength);
    }

    /// <summary>From a channel to the next.</summary>
    public int Pitch { get; }

    /// <summary>The first channel of a plane at a place.</summary>
    public float* Of(int place, int plane) => values.Pointer + (long)place * placeStride + (long)plane * channels * Pitch;

    /// <summary>Transforms the kernels of one channel.</summary>
    /// <param name="weights">[tap, channel, filter], filters padded.</param>
    /// <param name="channel">The channel.</param>
    public void Transform(float* weights, int channel)
    {
        var kernel = scratch.Pointer + (long)channel * scratchLength;
        var places = planes.Transforms.Taps * planes.Transforms.Taps;
        for (var plane = 0; plane < planes.Count; plane++)
        {
            for (var filter = 0; filter < Pitch; filter += 16)
            {
                for (var place = 0; place < places; place++)
                {
                    var to = new Span<float>(kernel + place * 16, 16);
                    if (planes.Tap(plane, place) is >= 0 and var tap) new ReadOnlySpan<float>(weights + ((long)tap * channels + channel) * Pitch + filter, 16).CopyTo(to);
                    else to.Clear();
                }

                planes.Transforms.Weights(kernel, 16, Of(0, plane) + (long)channel * Pitch + filter, placeStride, kernel + 9 * 16);
            }
        }
    }
}
