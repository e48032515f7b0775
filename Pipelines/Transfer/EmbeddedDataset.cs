using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>What a backbone sees in the images of a data set: computed once and kept in a file, as decoded images are (docs/data.md).</summary>
/// <remarks>The embeddings lie in memory, 4 bytes a number; the file is only where other runs find them.</remarks>
internal sealed class EmbeddedDataset
{
    private readonly FeatureRows rows;
    private readonly PixelSummary[] pixels;
    private readonly ItemPlaces places;

    private EmbeddedDataset(FeatureRows rows, PixelSummary[] pixels, ItemPlaces places, IReadOnlyList<string> notes) =>
        (this.rows, this.pixels, this.places, Notes) = (rows, pixels, places, notes);

    /// <summary>What should be known, one sentence each; mostly empty.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Computes the embeddings, or finds them.</summary>
    /// <param name="dataset">Images with labels.</param>
    /// <param name="backbone">What sees.</param>
    /// <param name="preprocessing">How images become its input.</param>
    /// <param name="settings">Where they are kept.</param>
    /// <param name="progress">Told the stage <c>Embed</c>, and those of <see cref="DecodedDataset.Open"/>.</param>
    /// <param name="cancellation">Stops it; nothing half-done is left.</param>
    /// <exception cref="InvalidDataException">An item is bad and the policy is to fail, every item is bad, or the backbone gives NaN.</exception>
    /// <exception cref="IOException">A file changed while it was read, or memory is too small.</exception>
    public static EmbeddedDataset Open(
        ImageDataset dataset, OnnxBackbone backbone, ImagePreprocessing preprocessing, DecodedCacheSettings settings,
        IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        var maker = new EmbeddingRows(backbone, preprocessing, dataset.Bad.Damage);
        var source = new DecodedCache(dataset, maker, settings, progress, cancellation).Open();
        using var kept = source.Pixels;
        dataset.Bad.WriteQuarantine();
        if (source.Items.Count == 0) throw dataset.Bad.NoneLeft(dataset.Name);

        var features = new float[checked(source.Items.Count * backbone.Length)];
        var pixels = new PixelSummary[source.Items.Count];
        var row = new byte[maker.Shape.Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            kept.CopyTo(i, row);
            pixels[i] = maker.Read(row, features.AsSpan(i * backbone.Length, backbone.Length));
        }
        var rows = new FeatureRows(ImageShape.Vector(backbone.Length), features, [.. source.Items.Select(dataset.LabelNumber)]);
        return new EmbeddedDataset(rows, pixels, new ItemPlaces(dataset, source.Items), source.Notes);
    }

    /// <summary>The embeddings of a part of the data set.</summary>
    public SampleSubset Subset(ImageDataset part) => new(rows, places.Of(part));

    /// <summary>Shows the images of a part to a reference.</summary>
    public void ShowTo(ReferenceCollector reference, ImageDataset part)
    {
        foreach (var row in places.Of(part)) reference.AddImage(pixels[row], rows.LabelOf(row));
    }
}
