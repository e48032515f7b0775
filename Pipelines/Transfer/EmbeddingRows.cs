using System.Runtime.InteropServices;
using System.Text.Json;
using MLPipelines.Learning;
using MLPipelines.Images;
using MLPipelines.Onnx;

namespace MLPipelines.Pipelines;

/// <summary>What a backbone sees in images, to be kept: of each the embedding, 4 bytes a number, and behind it its <see cref="PixelSummary"/>,
/// so that an image whose embedding is known need not be decoded again.</summary>
internal sealed class EmbeddingRows(OnnxBackbone backbone, ImagePreprocessing preprocessing, DamagePolicy damage) : RowMaker
{
    // Raised with every change of what is kept, or how it is computed.
    private const int Version = 1;

    private readonly byte[] model = backbone.ToBytes();

    public override string Kind => CacheFolder.Embeddings;

    public override string Name => "embeddings";

    public override string Made => "computed";

    public override ImageShape Shape => ImageShape.Vector(EmbeddingLength + PixelSummary.LengthOf(preprocessing.Channels));

    // The model up to the embedding says which of its values that is; what comes behind, an old head, changes nothing.
    public override string Identity =>
        $"embeddings {Version} in {DecodedFileHeader.Version}\0{ImageLibrary.Name} {ImageLibrary.Version}\0ONNX Runtime {OnnxRuntimeLibrary.Version}\0"
        + $"{damage}\0{JsonSerializer.Serialize(preprocessing)}\0{ModelBundle.Sha256(model)}\0{backbone.Embedding}";

    private int EmbeddingLength => backbone.Length * sizeof(float);

    public override List<ImageVerdict> Make(
        ImageDataset dataset, IReadOnlyList<ImageItem> items, Func<int, byte[]> read, Action<ReadOnlySpan<byte>> write,
        IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        using var embedding = OnnxClassifier.Open(model, preprocessing.Dimensions, backbone.Input, backbone.Embedding);
        var loader = new ImageTensorLoader(preprocessing, damage);
        return BatchDecoding.Run<float>(dataset, items, loader.Length, "Embed", read, loader.Load, Take, progress, cancellation);

        void Take(ReadOnlyMemory<float> tensors)
        {
            var count = tensors.Length / loader.Length;
            var vectors = new float[count * backbone.Length];
            embedding.Score(tensors, vectors);
            var rows = new byte[count * Shape.Size];
            Parallel.For(0, count, i =>
            {
                var row = rows.AsSpan(i * Shape.Size, Shape.Size);
                MemoryMarshal.AsBytes(vectors.AsSpan(i * backbone.Length, backbone.Length)).CopyTo(row);
                PixelSummary.Of(tensors.Span.Slice(i * loader.Length, loader.Length), preprocessing).Write(row[EmbeddingLength..]);
            });
            write(rows);
        }
    }

    /// <summary>The two halves of a row.</summary>
    public PixelSummary Read(ReadOnlySpan<byte> row, Span<float> embedding)
    {
        row[..EmbeddingLength].CopyTo(MemoryMarshal.AsBytes(embedding));
        return PixelSummary.Read(row[EmbeddingLength..]);
    }
}
