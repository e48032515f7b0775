using SkiaSharp;

namespace MLPipelines.Images;

/// <summary>Decodes, encodes and resizes images.</summary>
/// <remarks>Safe for several threads at once; that is the way to use all cores, as one image uses one.</remarks>
public static unsafe class ImageCodec
{
    private static readonly ImageDecodeSettings AsStored = new();

    /// <summary>Reads and decodes an image file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Decode"/>.</exception>
    public static RasterImage Read(string path, ImageDecodeSettings? settings = null) => Decode(File.ReadAllBytes(path), settings, path);

    /// <summary>Decodes an image: JPEG, PNG, WebP, GIF, BMP, ICO, TIFF, or binary PGM and PPM; of several pages or frames the first.</summary>
    /// <remarks>
    /// The content tells the format, whatever the file's name. Colours become 8-bit sRGB: through the embedded colour profile if there is one that
    /// can be read; CMYK without a profile by the plain formula (1 − C)(1 − K); of 16 bits the upper 8. What else a TIFF may hold is scaled so
    /// that its whole range becomes 0..255, or refused.
    /// </remarks>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="settings">How to decode; as stored and upright when null.</param>
    /// <param name="name">What error messages call the image: a path, an id.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are no image of a known format, or damaged or cut short, or the image has more pixels than allowed. The message names
    /// the image.
    /// </exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeSettings? settings = null, string? name = null)
    {
        settings ??= AsStored;
        name ??= "The image";
        if (PortableAnymap.Recognizes(encoded))
            return Raster(PortableAnymap.Read(encoded, name), settings, note: null);

        using var pixels = ImageDecoder.Decode(encoded, settings, name);
        return Raster(pixels.View, settings, pixels.Note);
    }

    /// <summary>Encodes an image; nothing but pixels is written, no metadata.</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="format">The file format.</param>
    /// <param name="quality">1 to 100, for the lossy formats; 90 by default.</param>
    public static byte[] Encode(RasterImage image, ImageFileFormat format, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        var encoder = format switch
        {
            ImageFileFormat.Png => SKEncodedImageFormat.Png,
            ImageFileFormat.Jpeg => SKEncodedImageFormat.Jpeg,
            ImageFileFormat.WebP => SKEncodedImageFormat.Webp,
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "The formats are Png, Jpeg and WebP."),
        };

        // The encoders take 1 or 4 bytes a pixel; WebP has no grey. JPEG has no alpha.
        var view = new PixelView(image.Pixels, image.Width, image.Height, image.Channels);
        if (format == ImageFileFormat.Jpeg && image.Channels == 4)
            view = new PixelView(PixelConversion.Convert(view, 3, AsStored.Background), image.Width, image.Height, 3);
        var keepsGrey = image.Channels == 1 && format != ImageFileFormat.WebP;
        var pixels = keepsGrey ? image.Pixels : PixelConversion.Convert(view, 4, AsStored.Background);
        var info = new SKImageInfo(
            image.Width, image.Height, keepsGrey ? SKColorType.Gray8 : SKColorType.Rgba8888,
            view.Channels == 4 ? SKAlphaType.Unpremul : SKAlphaType.Opaque);
        fixed (byte* first = pixels)
        {
            using var pixmap = new SKPixmap(info, (nint)first, info.RowBytes);
            using var data = pixmap.Encode(encoder, quality);
            return data?.ToArray() ?? throw new NotSupportedException(
                $"An image of {image.Width} × {image.Height} pixels cannot be encoded as {format}; "
                + "JPEG takes at most 65,535 pixels a side, WebP 16,383.");
        }
    }

    /// <summary>Resamples to exactly this size; the shape of things changes where the proportions do.</summary>
    /// <remarks>The filter is widened when shrinking, as Pillow's is, so that every source pixel counts. Colour is weighted by alpha. Done on sRGB
    /// values, as is usual in this field, not on linear light.</remarks>
    /// <param name="image">The pixels.</param>
    /// <param name="width">1 or more.</param>
    /// <param name="height">1 or more.</param>
    /// <param name="filter">The filter to sample with.</param>
    public static RasterImage Resize(RasterImage image, int width, int height, Interpolation filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!Enum.IsDefined(filter))
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filters are those of Interpolation.");
        if ((width, height) == (image.Width, image.Height))
            return image;

        var channels = image.Channels;
        var resized = new byte[(long)width * height * channels];
        var planes = new float[width * channels];
        var placement = new ImagePlacement(width, height, 0, 0, 0, 0, width, height);
        using var resampler = new ImageResampler(
            new PixelView(image.Pixels, image.Width, image.Height, channels), placement, filter, reversed: false);
        for (var row = 0; row < height; row++)
        {
            resampler.Row(row, planes);
            var target = resized.AsSpan(row * width * channels, width * channels);
            for (var x = 0; x < width; x++)
            {
                // With alpha, the resampler's colours are weighted by it.
                var weight = channels == 4 ? (planes[(3 * width) + x] is > 0 and var alpha ? 255 / alpha : 0) : 1;
                for (var channel = 0; channel < channels; channel++)
                    target[(x * channels) + channel] = Rounded(planes[(channel * width) + x] * (channel == 3 ? 1 : weight));
            }
        }

        return new RasterImage(width, height, channels, resized);

        static byte Rounded(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
    }

    private static RasterImage Raster(PixelView image, ImageDecodeSettings settings, ImageNote? note)
    {
        var channels = settings.Colors switch
        {
            ColorModel.Grey => 1,
            ColorModel.Rgb => 3,
            ColorModel.Rgba => 4,
            _ => image.Channels,
        };
        return new RasterImage(image.Width, image.Height, channels, PixelConversion.Convert(image, channels, settings.Background)) { Note = note };
    }
}
