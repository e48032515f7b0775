using System.Buffers;
using System.Numerics.Tensors;

namespace MLPipelines.Images;

/// <summary>Turns encoded images into the tensors that a model expects: decode, orient, resize, crop, order colours, normalise.</summary>
/// <remarks>
/// Binary PGM/PPM (<c>P5</c>, <c>P6</c>, 8 bit) is read here; everything else is decoded by libvips, EXIF orientation applied. Large JPEGs are
/// decoded at a reduced size, but never below twice the size they are then resized to. Resizing has Pillow's definition, in floats and
/// clamped to 0..255; only the window that is kept is computed. Thread-safe: one loader may serve many threads.
/// </remarks>
public sealed class ImageTensorLoader
{
    private readonly float[] byteValues;
    private readonly float[] backgroundValues;
    private readonly ImageDecodeSettings decoding;

    /// <summary>Prepares a loader.</summary>
    /// <param name="preprocessing">What the model expects.</param>
    /// <exception cref="ArgumentException">The settings do not fit together.</exception>
    public ImageTensorLoader(ImagePreprocessing preprocessing)
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
            _ => [Luma(background.Red, background.Green, background.Blue)],
        };
        backgroundValues = [.. channels.Select((value, channel) => byteValues[(channel * 256) + value])];
        decoding = new ImageDecodeSettings { ShrinkToAtLeast = SmallestDecoded(preprocessing) };
    }

    /// <summary>What the model expects.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>How many numbers a tensor holds.</summary>
    public int Length => Preprocessing.Length;

    /// <summary>Loads an image from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensor">Receives <see cref="Length"/> numbers in the order of <see cref="ImagePreprocessing.Layout"/>.</param>
    /// <exception cref="InvalidDataException">The file is no image, or a broken one, or of a size that is not
    /// allowed; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(string path, Span<float> tensor)
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
            Load(encoded.AsSpan(0, count), tensor, path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encoded);
        }
    }

    /// <summary>Loads an image from the bytes of a file.</summary>
    /// <param name="encoded">The file: JPEG, PNG, WebP, GIF, TIFF, PGM, PPM, or what else libvips reads.</param>
    /// <param name="tensor">Receives <see cref="Length"/> numbers in the order of <see cref="ImagePreprocessing.Layout"/>.</param>
    /// <param name="name">What to call the image in errors; null: <c>The image</c>.</param>
    /// <exception cref="InvalidDataException">The bytes are no image, or a broken one, or of a size that is not allowed.</exception>
    public void Load(ReadOnlySpan<byte> encoded, Span<float> tensor, string? name = null)
    {
        if (tensor.Length != Length)
            throw new ArgumentException(
                $"The tensor has room for {tensor.Length} numbers; "
                + $"{Preprocessing.Width}×{Preprocessing.Height}×{Preprocessing.Channels} takes {Length}.", nameof(tensor));
        name ??= "The image";
        if (encoded.IsEmpty)
            throw new InvalidDataException($"{name} is empty.");
        if (PortableAnymap.Recognizes(encoded))
        {
            Fill(PortableAnymap.Read(encoded, name), tensor, name);
            return;
        }

        var image = ImageCodec.Decode(encoded, decoding, name);
        Fill(new PixelView(image.Pixels, image.Width, image.Height, image.Channels), tensor, name);
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

    private static byte Luma(int red, int green, int blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16);

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

        var pixels = image.Width * image.Height;
        var converted = ArrayPool<byte>.Shared.Rent(pixels * wanted);
        try
        {
            ConvertColors(image, converted.AsSpan(0, pixels * wanted), wanted);
            Place(new PixelView(converted.AsSpan(0, pixels * wanted), image.Width, image.Height, wanted), placement, tensor);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(converted);
        }
    }

    /// <summary>Lays pixels over the background where they are not opaque, and makes colours grey if that is wanted.</summary>
    private void ConvertColors(PixelView image, Span<byte> converted, int wanted)
    {
        var background = Preprocessing.Background;
        var source = image.Bytes;
        for (int from = 0, to = 0; to < converted.Length; from += image.Channels, to += wanted)
        {
            var (red, green, blue) = (source[from], source[from + 1], source[from + 2]);
            if (image.Channels == 4)
            {
                var opacity = source[from + 3];
                red = Over(red, background.Red, opacity);
                green = Over(green, background.Green, opacity);
                blue = Over(blue, background.Blue, opacity);
            }

            if (wanted == 1)
                converted[to] = Luma(red, green, blue);
            else
                (converted[to], converted[to + 1], converted[to + 2]) = (red, green, blue);
        }

        static byte Over(byte color, byte background, byte opacity) => (byte)(((color * opacity) + (background * (255 - opacity)) + 127) / 255);
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
                var from = (int)((((placement.CropY + row) * image.Width) + placement.CropX) * image.Channels) + color;
                var source = image.Bytes.Slice(from, ((placement.Width - 1) * image.Channels) + 1);
                var y = placement.TargetY + row;
                var (to, step) = target.Layout == TensorLayout.ChannelsFirst
                    ? ((((channel * target.Height) + y) * target.Width) + placement.TargetX, 1)
                    : ((((y * target.Width) + placement.TargetX) * target.Channels) + channel, target.Channels);
                for (var i = 0; i < source.Length; i += image.Channels, to += step)
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
