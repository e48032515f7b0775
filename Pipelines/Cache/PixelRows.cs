using System.Text.Json;
using MLPipelines.Learning;
using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>Images, decoded to the bytes that a network's preprocessing makes of them.</summary>
internal sealed class PixelRows(ImagePreprocessing preprocessing, DamagePolicy damage) : RowMaker
{
    private readonly PixelLoader loader = new(preprocessing, damage);

    public override string Kind => CacheFolder.Images;

    public override string Name => "images";

    public override string Made => "decoded";

    public override ImageShape Shape => loader.Shape;

    // This code's version, the decoder's, what is decoded to, and which damaged images are among them.
    public override string Identity =>
        $"decoded images {DecodedFileHeader.Version}\0{ImageLibrary.Name} {ImageLibrary.Version}\0{damage}\0"
        + JsonSerializer.Serialize(loader.Preprocessing);

    public override bool IsFasterThanFile(ImageDataset dataset, long bytes) =>
        dataset.Format == DatasetFormat.Idx && bytes <= DecodedDataset.LargestIdxInMemory;

    public override List<ImageVerdict> Make(
        ImageDataset dataset, IReadOnlyList<ImageItem> items, Func<int, byte[]> read, Action<ReadOnlySpan<byte>> write,
        IProgress<PipelineProgress>? progress, CancellationToken cancellation) =>
        BatchDecoding.Run<byte>(dataset, items, Shape.Size, "Decode", read, loader.Load, pixels => write(pixels.Span), progress, cancellation);
}
