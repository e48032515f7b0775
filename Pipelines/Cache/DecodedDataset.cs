using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>The images of a data set, decoded once to the bytes that a network wants: a source of samples to train from.</summary>
/// <remarks>
/// The bytes lie in a cache file, from which later epochs and runs read without decoding again, and which may be larger than memory; IDX files,
/// which are bytes already, and everything with <see cref="DecodedCacheSettings.IsOff"/>, lie in memory. Items that cannot be decoded go the way of
/// the data set's <see cref="BadItemPolicy"/>, in every run. See docs/data.md. Safe on several threads at once; dispose of it after training.
/// </remarks>
public sealed class DecodedDataset : ISampleSource, IDisposable
{
    /// <summary>IDX files whose decoded images take no more than this are decoded into memory: that takes less time than a cache file would.</summary>
    public const long LargestIdxInMemory = 1L << 30;

    private readonly IPixels pixels;
    private readonly int[] labels;
    private readonly ItemPlaces places;

    private DecodedDataset(ImageDataset dataset, ImagePreprocessing preprocessing, DecodedImages images)
    {
        (Dataset, Preprocessing, pixels, Items) = (dataset, preprocessing, images.Pixels, images.Items);
        (CacheFile, WasDecoded, Notes) = (images.CacheFile, images.WasDecoded, images.Notes);
        Shape = new ImageShape(preprocessing.Height, preprocessing.Width, preprocessing.Channels);
        labels = [.. Items.Select(dataset.LabelNumber)];
        places = new ItemPlaces(dataset, Items);
    }

    /// <summary>What was decoded. Its summary lists the items that were left out.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>What it was decoded to, and what follows.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>How the bytes become what the network sees: scale, mean and deviation of <see cref="Preprocessing"/>.</summary>
    public Normalization Normalization => PixelLoader.NormalizationOf(Preprocessing);

    /// <summary>The items that could be decoded, in the data set's order; sample i shows item i.</summary>
    public IReadOnlyList<ImageItem> Items { get; }

    /// <summary>The data set's labels; <see cref="LabelOf"/> counts in them.</summary>
    public IReadOnlyList<string> Labels => Dataset.Labels;

    /// <summary>The file that the bytes lie in; null where they lie in memory.</summary>
    public string? CacheFile { get; }

    /// <summary>Whether this run decoded the images; false where another had.</summary>
    public bool WasDecoded { get; }

    /// <summary>What should be known, one sentence each: a damaged cache that was made anew, a folder that cannot be written. Mostly empty.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <inheritdoc/>
    public int Count => Items.Count;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <summary>Decodes a data set, or finds it decoded.</summary>
    /// <param name="dataset">Images with labels.</param>
    /// <param name="preprocessing">What the network expects. Size, resizing and colours decide the bytes; scale, mean and deviation are left to
    /// <see cref="Normalization"/>, and the layout is always channels last.</param>
    /// <param name="settings">Where the cache lies; the user's folder for caches when null.</param>
    /// <param name="progress">Told the stages <c>Read</c> (looking which files changed), <c>Decode</c>, <c>Check</c> (of an existing cache) and
    /// <c>Wait</c> (for another process that decodes the same).</param>
    /// <param name="cancellation">Stops it; nothing half-done is left.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or an item has no label.</exception>
    /// <exception cref="InvalidDataException">An item is bad and the policy is to fail, or every item is bad.</exception>
    /// <exception cref="IOException">The cache cannot be written and memory is too small, or a file changed while it was read.</exception>
    public static DecodedDataset Open(
        ImageDataset dataset, ImagePreprocessing preprocessing, DecodedCacheSettings? settings = null, IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(preprocessing);
        settings = (settings ?? new DecodedCacheSettings()).Validate();
        if (dataset.Items.FirstOrDefault(item => item.Label is null) is { } unlabelled)
        {
            throw new ArgumentException(
                $"Item '{unlabelled.Id}' of '{dataset.Name}' has no label, and training needs one for each; open the data set with "
                + $"{nameof(ImageDatasetOptions.RequireLabels)} (the default).", nameof(dataset));
        }

        var images = new DecodedCache(dataset, new PixelRows(preprocessing, dataset.Bad.Damage), settings, progress, cancellation).Open();
        dataset.Bad.WriteQuarantine();
        if (images.Items.Count > 0) return new DecodedDataset(dataset, preprocessing, images);

        images.Pixels.Dispose();
        throw dataset.Bad.NoneLeft(dataset.Name);
    }

    /// <inheritdoc/>
    public int LabelOf(int index) => labels[index];

    /// <inheritdoc/>
    public void CopyTo(int index, Span<float> values)
    {
        if ((uint)index >= (uint)Count || values.Length < Shape.Size)
        {
            throw new ArgumentException(
                $"Sample {index} into {values.Length} numbers was asked for; there are samples 0 to {Count - 1} of {Shape.Size} numbers.");
        }
        pixels.CopyTo(index, values[..Shape.Size]);
    }

    /// <summary>The samples of a part of the data set (<see cref="DatasetSplit.Stratified"/>, <see cref="ImageDataset.Part"/>), from the same bytes:
    /// training and validation share one decoded file. Items that were left out are not among them.</summary>
    /// <exception cref="ArgumentException">The part's labels are others, or an item of it is none of this data set.</exception>
    public SampleSubset Subset(ImageDataset part) => new(this, places.Of(part));

    /// <summary>Cuts the samples into parts with the same mixture of classes, as <see cref="DatasetSplit.Stratified"/> cuts the data set.</summary>
    /// <param name="seed">Another seed gives another cut.</param>
    /// <param name="shares">The parts' shares, each above 0, together 1.</param>
    public IReadOnlyList<SampleSubset> Split(int seed, params IReadOnlyList<double> shares) =>
        [.. Dataset.Stratified(seed, shares).Select(Subset)];

    /// <summary>Gives the cache file free, so that it may be removed when room is needed.</summary>
    public void Dispose() => pixels.Dispose();
}
