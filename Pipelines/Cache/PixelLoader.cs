using System.Buffers;
using System.Numerics.Tensors;
using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>Decodes an image to the bytes that a network's preprocessing makes of it, before scale, mean and deviation.</summary>
/// <remarks>
/// The same steps as in scoring (<see cref="ImageTensorLoader"/>); where the image is resized, values are rounded to the nearest byte, so that a
/// value differs from the one in scoring by half a step of 255 at most. Where it is not, they are equal.
/// </remarks>
internal sealed class PixelLoader
{
    private readonly ImageTensorLoader loader;

    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="damage">What happens to damaged files.</param>
    public PixelLoader(ImagePreprocessing preprocessing, DamagePolicy damage)
    {
        Preprocessing = preprocessing.Validate() with { Scale = 1, Mean = [0], StandardDeviation = [1], Layout = TensorLayout.ChannelsLast };
        loader = new ImageTensorLoader(Preprocessing, damage);
    }

    /// <summary>What decides the bytes; what comes after them is left out.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>The shape of every image, channels last.</summary>
    public ImageShape Shape => new(Preprocessing.Height, Preprocessing.Width, Preprocessing.Channels);

    /// <summary>How the bytes become what the network sees.</summary>
    public static Normalization NormalizationOf(ImagePreprocessing preprocessing) => new(
        preprocessing.Scale,
        [.. Enumerable.Range(0, preprocessing.Channels).Select(preprocessing.MeanOf)],
        [.. Enumerable.Range(0, preprocessing.Channels).Select(preprocessing.StandardDeviationOf)]);

    /// <summary>Decodes one image.</summary>
    /// <returns>What should be known of it; mostly null.</returns>
    /// <exception cref="InvalidDataException">It is no image, or a broken one, or of a size that is not allowed.</exception>
    public ImageNote? Load(ReadOnlySpan<byte> encoded, Span<byte> pixels, string name)
    {
        var values = ArrayPool<float>.Shared.Rent(pixels.Length);
        try
        {
            var used = values.AsSpan(0, pixels.Length);
            var note = loader.Load(encoded, used, name);
            TensorPrimitives.Round<float>(used, used);
            TensorPrimitives.ConvertSaturating<float, byte>(used, pixels);
            return note;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
