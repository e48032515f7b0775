namespace MLPipelines.Images;

/// <summary>Decodes, encodes and resizes images with libvips.</summary>
/// <remarks>Safe for several threads at once; that is the way to use all cores, as one image uses one
/// (<see cref="VipsLibrary.Concurrency"/>).</remarks>
public static unsafe class ImageCodec
{
    private static readonly ImageDecodeSettings AsStored = new();

    /// <summary>Reads and decodes an image file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Decode"/>.</exception>
    /// <exception cref="DllNotFoundException">libvips is missing; the message says where it was looked for.</exception>
    public static RasterImage Read(string path, ImageDecodeSettings? settings = null) => Decode(File.ReadAllBytes(path), settings, path);

    /// <summary>Decodes an image: JPEG, PNG, WebP, GIF, TIFF or AVIF; of several pages or frames the first.</summary>
    /// <remarks>
    /// Colours become 8-bit sRGB: through the embedded colour profile if there is one that can be read; CMYK without a profile by the plain formula
    /// (1 − C)(1 − K); of 16 bits the upper 8.
    /// </remarks>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="settings">How to decode; as stored and upright when null.</param>
    /// <param name="name">What error messages call the image: a path, an id.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are no image of a known format, or damaged or cut short, or the image has more pixels than allowed. The message names
    /// the image and carries the library's text.
    /// </exception>
    /// <exception cref="DllNotFoundException">libvips is missing; the message says where it was looked for.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeSettings? settings = null, string? name = null)
    {
        settings ??= AsStored;
        name ??= "The image";
        if (encoded.IsEmpty)
            throw new InvalidDataException($"{name} is empty: it has no bytes.");

        var length = encoded.Length;
        if (ImageFormat.Of(encoded) is not { } format)
            throw new InvalidDataException(
                $"{name} is no image in a format that can be read ({ImageFormat.KnownNames}): its {length:N0} bytes start with "
                + $"{ImageFormat.Start(encoded)}.");

        VipsLibrary.Start();
        fixed (byte* first = encoded)
        {
            var data = (nint)first;
            try
            {
                return VipsErrors.Attributed(() => new ImageDecoder((byte*)data, length, format, settings, name).Decode());
            }
            catch (VipsException failure)
            {
                throw new InvalidDataException(
                    $"{name} is a damaged or unreadable {format.Name} image ({length:N0} bytes). libvips says: {failure.Message}");
            }
        }
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
        var operationName = format switch
        {
            ImageFileFormat.Png => "pngsave_buffer",
            ImageFileFormat.Jpeg => "jpegsave_buffer",
            ImageFileFormat.WebP => "webpsave_buffer",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "The formats are Png, Jpeg and WebP."),
        };

        if (format == ImageFileFormat.Jpeg && image.Channels == 4)
            image = new RasterImage(image.Width, image.Height, 3, PixelConversion.Convert(image.Pixels, 4, 3, AsStored.Background));
        return WithPixels(image, $"The image cannot be encoded as {format}.", source =>
        {
            using var save = new VipsOperation(operationName);
            save.Set("in", source);
            if (format != ImageFileFormat.Png)
                save.Set("Q", quality);
            save.Build();
            return save.Bytes("buffer");
        });
    }

    /// <summary>Resamples to exactly this size; the shape of things changes where the proportions do.</summary>
    /// <remarks>When shrinking, the kernel is stretched, so that every source pixel counts (beyond a factor of 4, whole pixels are averaged first).
    /// Colour is weighted by alpha. Done on sRGB values, as is usual in this field, not on linear light.</remarks>
    /// <param name="image">The pixels.</param>
    /// <param name="width">1 or more.</param>
    /// <param name="height">1 or more.</param>
    /// <param name="kernel">The filter.</param>
    public static RasterImage Resize(RasterImage image, int width, int height, ResizeKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!Enum.IsDefined(kernel))
            throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "The kernels are those of ResizeKernel.");
        if ((width, height) == (image.Width, image.Height))
            return image;

        return WithPixels(image, $"The image cannot be resized to {width} × {height}.", source =>
        {
            if (image.Channels != 4 || kernel == ResizeKernel.Nearest)
            {
                using var resized = Resampled(source, width, height, kernel);
                return new RasterImage(width, height, image.Channels, resized.ToArray());
            }

            using var weighted = source.Through("premultiply");
            using var shrunk = Resampled(weighted, width, height, kernel);
            using var colors = shrunk.Through("unpremultiply");
            using var bytes = colors.Through("cast", cast => cast.Set("format", VipsConstants.UnsignedChar));
            return new RasterImage(width, height, 4, bytes.ToArray());
        });
    }

    private static VipsImage Resampled(VipsImage image, int width, int height, ResizeKernel kernel) => image.Through("resize", resize =>
    {
        resize.Set("scale", (double)width / image.Width);
        resize.Set("vscale", (double)height / image.Height);
        resize.Set("kernel", (int)kernel);
    });

    private static T WithPixels<T>(RasterImage image, string failed, Func<VipsImage, T> use)
    {
        VipsLibrary.Start();
        fixed (byte* first = image.Pixels)
        {
            var pixels = (nint)first;
            try
            {
                return VipsErrors.Attributed(() =>
                {
                    using var source = VipsImage.Over((byte*)pixels, image);
                    var colours = image.Channels == 1 ? VipsConstants.GreyScale : VipsConstants.Srgb;
                    using var tagged = source.Through("copy", copy => copy.Set("interpretation", colours));
                    return use(tagged);
                });
            }
            catch (VipsException failure)
            {
                throw new InvalidOperationException($"{failed} libvips says: {failure.Message}");
            }
        }
    }
}
