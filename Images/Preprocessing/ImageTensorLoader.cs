using System.Buffers;
using System.Numerics.Tensors;

namespace MLPipelines.Images;

/// <summary>Turns encoded images into the tensors that a model expects: decode, orient, resize, crop, order colours, normalise.</summary>
/// <remarks>
/// Everything that <see cref="ImageCodec"/> decodes, EXIF orientation applied. Large JPEGs are decoded at a reduced size, but never below twice
/// the size they are then resized to. Resizing has Pillow's definition, in floats and
/// clamped to 0..255; only the window that is kept is computed. Thread-safe: one loader may serve many threads.
/// </remarks>
public sealed class ImageTensorLoader
{
    private readonly float[] byteValues;
    private readonly float[] backgroundValues;
    private readonly ImageDecodeSettings decoding;

    /// <summary>Prepares a loader.</summary>
    /// <param name="preprocessing">What the model expects.</param>
    /// <param name="damage">What happens to damaged files.</param>
    /// <exception cref="ArgumentException">The settings do not fit together.</exception>
    public ImageTensorLoader(ImagePreprocessing preprocessing, DamagePolicy damage = DamagePolicy.Tolerate)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        Preprocessing = preprocessing.Validate();
        byteValues = new float[preprocessing.Channels * 256];
        for (var i = 0; i < byteValues.Length; i++)
            byteValues[i] = Normalized(i % 256, i / 256);

        var background = preprocessing.Background;
        byte[] channels = preprocessing.Colors switch
        {
            ColorOrder.Rgb => [background.Red, background.Green, background.Blue],
            ColorOrder.Bgr => [background.Blue, background.Green, background.Red],
            _ => [PixelConversion.Luma(background.Red, background.Green, background.Blue)],
        };
        backgroundValues = [.. channels.Select((value, channel) => byteValues[(channel * 256) + value])];
        decoding = new ImageDecodeSettings { ShrinkToAtLeast = SmallestDecoded(preprocessing), Damage = damage };
    }

    /// <summary>What the model expects.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>How many numbers a tensor holds.</summary>
    public int Length => Preprocessing.Length;

    /// <summary>Loads an image from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensor">Receives <see cref="Length"/> numbers in the order of <see cref="ImagePreprocessing.Layout"/>.</param>
    /// <returns>What should be known of the image; mostly null.</returns>
    /// <exception cref="InvalidDataException">The file is no image, or a broken one, or of a size that is not
    /// allowed; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ImageNote? Read(string path, Span<float> tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        if (length > Array.MaxLength)
            throw new InvalidDataException($"{path} has {length} bytes; an image may have at most {Array.MaxLength}.");
        var encoded = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var count = 0;
            for (int read; count < length && (read = RandomAccess.Read(file, encoded.AsSpan(count, (int)length - count), count)) > 0;)
                count += read;
            return Load(encoded.AsSpan(0, count), tensor, path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encoded);
        }
    }

    /// <summary>Loads an image from the bytes of a file.</summary>
    /// <param name="encoded">The file: JPEG, PNG, WebP, GIF, BMP, ICO, TIFF, PGM or PPM.</param>
    /// <param name="tensor">Receives <see cref="Length"/> numbers in the order of <see cref="ImagePreprocessing.Layout"/>.</param>
    /// <param name="name">What to call the image in errors; null: <c>The image</c>.</param>
    /// <returns>What should be known of the image; mostly null.</returns>
    /// <exception cref="InvalidDataException">The bytes are no image, or a broken one, or of a size that is not allowed.</exception>
    public ImageNote? Load(ReadOnlySpan<byte> encoded, Span<float> tensor, string? name = null)
    {
        if (tensor.Length != Length)
            throw new ArgumentException(
                $"The tensor has room for {tensor.Length} numbers; "
                + $"{Preprocessing.Width}×{Preprocessing.Height}×{Preprocessing.Channels} takes {Length}.", nameof(tensor));
        name ??= "The image";
        if (PortableAnymap.Recognizes(encoded))
        {
            Fill(PortableAnymap.Read(encoded, name), tensor, name);
            return null;
        }

        using var image = ImageDecoder.Decode(encoded, decoding, name);
        Fill(image.View, tensor, name);
        return image.Note;
    }

    /// <summary>Fills a tensor from decoded pixels.</summary>
    /// <param name="image">8-bit pixels; an image that is not opaque is laid over <see cref="ImagePreprocessing.Background"/>.</param>
    /// <param name="tensor">Receives <see cref="Length"/> numbers.</param>
    /// <exception cref="InvalidDataException">The size is not allowed.</exception>
    public void Load(RasterImage image, Span<float> tensor)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (tensor.Length != Length)
            throw new ArgumentException($"The tensor has room for {tensor.Length} numbers; {Length} are needed.", nameof(tensor));
        Fill(new PixelView(image.Pixels, image.Width, image.Height, image.Channels), tensor, "The image");
    }

    /// <summary>The shortest sides at which a reduced decoding cannot be told from a full one: twice what it is then resized to.</summary>
    private static (int Width, int Height)? SmallestDecoded(ImagePreprocessing target) => target.Resize switch
    {
        ResizeMode.None => null,
        _ when target.Interpolation == Interpolation.Nearest => null,
        ResizeMode.CropShorterSide when target.ShorterSide is { } side => (2 * side, 2 * side),
        _ => (2 * target.Width, 2 * target.Height),
    };

    private void Fill(PixelView image, Span<float> tensor, string name)
    {
        var placement = ImagePlacement.Of(image.Width, image.Height, Preprocessing, name);
        if ((placement.Width, placement.Height) != (Preprocessing.Width, Preprocessing.Height))
            FillBackground(tensor);

        var wanted = Preprocessing.Channels;
        if (image.Channels == wanted || (image.Channels == 1 && wanted == 3))
        {
            Place(image, placement, tensor);
            return;
        }

        var length = checked(image.Width * image.Height * wanted);
        var converted = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var background = Preprocessing.Background;
            PixelConversion.Convert(image, wanted, (background.Red, background.Green, background.Blue), converted.AsSpan(0, length));
            Place(new PixelView(converted.AsSpan(0, length), image.Width, image.Height, wanted), placement, tensor);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(converted);
        }
    }

    private void Place(PixelView image, in ImagePlacement placement, Span<float> tensor)
    {
        if (placement.ResizedWidth == image.Width && placement.ResizedHeight == image.Height)
        {
            PlaceUnresized(image, placement, tensor);
            return;
        }

        var target = Preprocessing;
        var planes = ArrayPool<float>.Shared.Rent(image.Channels * placement.Width);
        using var resampler = new ImageResampler(image, placement, target.Interpolation, target.Colors == ColorOrder.Bgr);
        for (var row = 0; row < placement.Height; row++)
        {
            resampler.Row(row, planes.AsSpan(0, image.Channels * placement.Width));
            for (var channel = 0; channel < target.Channels; channel++)
            {
                // A grey image has one plane, which every colour takes.
                var plane = planes.AsSpan(image.Channels == 1 ? 0 : channel * placement.Width, placement.Width);
                PlaceRow(plane, channel, placement.TargetX, placement.TargetY + row, tensor);
            }
        }

        ArrayPool<float>.Shared.Return(planes);
    }

    private void PlaceRow(ReadOnlySpan<float> plane, int channel, int x, int y, Span<float> tensor)
    {
        var target = Preprocessing;
        if (target.Layout == TensorLayout.ChannelsFirst)
        {
            var place = tensor.Slice((((channel * target.Height) + y) * target.Width) + x, plane.Length);
            TensorPrimitives.Multiply(plane, target.Scale, place);
            TensorPrimitives.Subtract(place, target.MeanOf(channel), place);
            TensorPrimitives.Divide(place, target.StandardDeviationOf(channel), place);
            return;
        }

        var at = (((y * target.Width) + x) * target.Channels) + channel;
        foreach (var value in plane)
        {
            tensor[at] = Normalized(value, channel);
            at += target.Channels;
        }
    }

    /// <summary>The window at its own size: every value of a byte was computed once.</summary>
    private void PlaceUnresized(PixelView image, in ImagePlacement placement, Span<float> tensor)
    {
        var target = Preprocessing;
        for (var channel = 0; channel < target.Channels; channel++)
        {
            ReadOnlySpan<float> values = byteValues.AsSpan(channel * 256, 256);
            var color = image.Channels == 1 ? 0 : target.Colors == ColorOrder.Bgr ? 2 - channel : channel;
            for (var row = 0; row < placement.Height; row++)
            {
                var from = (int)((((placement.CropY + row) * image.Width) + placement.CropX) * image.Step) + color;
                var source = image.Bytes.Slice(from, ((placement.Width - 1) * image.Step) + 1);
                var y = placement.TargetY + row;
                var (to, step) = target.Layout == TensorLayout.ChannelsFirst
                    ? ((((channel * target.Height) + y) * target.Width) + placement.TargetX, 1)
                    : ((((y * target.Width) + placement.TargetX) * target.Channels) + channel, target.Channels);
                for (var i = 0; i < source.Length; i += image.Step, to += step)
                    tensor[to] = values[source[i]];
            }
        }
    }

    private void FillBackground(Span<float> tensor)
    {
        if (Preprocessing.Layout == TensorLayout.ChannelsFirst)
        {
            var plane = Preprocessing.Height * Preprocessing.Width;
            for (var channel = 0; channel < backgroundValues.Length; channel++)
                tensor.Slice(channel * plane, plane).Fill(backgroundValues[channel]);
        }
        else
        {
            for (var i = 0; i < tensor.Length; i++)
                tensor[i] = backgroundValues[i % backgroundValues.Length];
        }
    }

    private float Normalized(float value, int channel) =>
        ((value * Preprocessing.Scale) - Preprocessing.MeanOf(channel)) / Preprocessing.StandardDeviationOf(channel);
}
