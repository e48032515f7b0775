namespace MLPipelines.Learning;

/// <summary>Where the values of a tensor lie: samples of height × width pixels, channels last, with a border of zeros around each sample.</summary>
/// <remarks>
/// The channels of a pixel are padded with zeros to whole vectors, so that kernels have no ragged edges; the network's input alone is
/// packed as it is. The border is what a padded convolution reads; nobody writes there. A map holds all samples of the batch, or one for
/// every worker where its values are used up at once.
/// </remarks>
internal sealed unsafe class FeatureMap(ImageShape shape, int pitch)
{
    private AlignedFloats? values;
    private bool isPerWorker;

    /// <summary>Height, width and channels without padding.</summary>
    public ImageShape Shape { get; } = shape;

    /// <summary>Rows of a sample.</summary>
    public int Height { get; } = shape.Height;

    /// <summary>Pixels of a row.</summary>
    public int Width { get; } = shape.Width;

    /// <summary>From a pixel to the next.</summary>
    public int Pitch { get; } = pitch;

    /// <summary>Whether the step that reads the values backward has them computed again first, so that they need not be kept.</summary>
    public bool IsComputedAgain { get; set; }

    /// <summary>Zeros around a sample, in pixels.</summary>
    public int Border { get; private set; }

    /// <summary>From a row of pixels to the next.</summary>
    public int RowStride => (Width + 2 * Border) * Pitch;

    /// <summary>From a sample to the next; never a multiple of 4096 bytes, where all samples would fall onto the same lines of the cache.</summary>
    public int SampleStride
    {
        get
        {
            var stride = ((Height + 2 * Border) * RowStride + 15) / 16 * 16;
            return stride % 1024 == 0 ? stride + 16 : stride;
        }
    }

    /// <summary>Whether a sample's values are one stretch without gaps.</summary>
    public bool IsDense => Border == 0 && Pitch == Shape.Channels;

    /// <summary>Makes the border at least this wide; before <see cref="Allocate"/>.</summary>
    public void NeedBorder(int border) => Border = Math.Max(Border, border);

    /// <summary>Reserves room for a number of samples, or of workers.</summary>
    public void Allocate(int count, bool perWorker)
    {
        isPerWorker = perWorker;
        values = new AlignedFloats((long)SampleStride * count);
    }

    /// <summary>The first pixel within the border.</summary>
    public float* Of(int sample, int worker) =>
        values!.Pointer + (long)SampleStride * (isPerWorker ? worker : sample) + Border * (RowStride + Pitch);

    /// <summary>The first pixel within the border, of a map of the whole batch.</summary>
    public float* Of(int sample) => values!.Pointer + (long)SampleStride * sample + Border * (RowStride + Pitch);
}
