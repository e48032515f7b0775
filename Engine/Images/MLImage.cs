using MLPipelines.Native;

namespace Microsoft.ML.Data;

/// <summary>A decoded image: four bytes a pixel, rows from top to bottom without padding, colours multiplied by alpha.</summary>
/// <remarks>
/// Its memory is managed: an image that nobody disposes of costs nothing more than its garbage collection. No transformer disposes of an
/// image or changes it. Several threads may read one at once.
/// </remarks>
public sealed class MLImage : IDisposable
{
    private const int BytesPerPixel = 4;

    private byte[] _pixels;

    private MLImage(int width, int height, MLPixelFormat format, byte[] pixels) =>
        (Width, Height, PixelFormat, _pixels) = (width, height, format, pixels);

    /// <summary>The number of columns.</summary>
    public int Width => OfLiving(field);

    /// <summary>The number of rows.</summary>
    public int Height => OfLiving(field);

    /// <summary>The order of the bytes of a pixel.</summary>
    public MLPixelFormat PixelFormat => OfLiving(field);

    /// <summary>Always 32.</summary>
    public int BitsPerPixel => OfLiving(8 * BytesPerPixel);

    /// <summary>The pixels, 4 × <see cref="Width"/> × <see cref="Height"/> bytes in the order of <see cref="PixelFormat"/>.</summary>
    public ReadOnlySpan<byte> Pixels => OfLiving(_pixels);

    /// <summary>The blue, green and red bytes of every pixel, in an array made anew at every call.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            var pixels = Pixels;
            var (blue, red) = PixelFormat == MLPixelFormat.Bgra32 ? (0, 2) : (2, 0);
            var colors = new byte[3 * Width * Height];
            for (int from = 0, to = 0; from < pixels.Length; from += BytesPerPixel, to += 3)
                (colors[to], colors[to + 1], colors[to + 2]) = (pixels[from + blue], pixels[from + 1], pixels[from + red]);
            return colors;
        }
    }

    /// <summary>A note on where the image came from; a loaded image has its path here. Null by default.</summary>
    public string Tag { get; set; }

    /// <summary>Decodes what is left of a stream: PNG, JPEG, WebP, GIF, TIFF and whatever else libvips reads. The EXIF orientation is applied.</summary>
    /// <exception cref="ArgumentException">The stream holds no image, or a broken one.</exception>
    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using var encoded = new MemoryStream();
        imageStream.CopyTo(encoded);
        return Decode(encoded.GetBuffer().AsSpan(0, (int)encoded.Length), name: null, nameof(imageStream));
    }

    /// <summary>Decodes a file; <see cref="Tag"/> stays null.</summary>
    /// <exception cref="ArgumentException">There is no such file, or it holds no image or a broken one.</exception>
    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        return File.Exists(imagePath)
            ? Decode(File.ReadAllBytes(imagePath), imagePath, nameof(imagePath))
            : throw new ArgumentException($"There is no image file '{imagePath}' (looked for at '{Path.GetFullPath(imagePath)}').", nameof(imagePath));
    }

    /// <summary>An image of given pixels, which are copied.</summary>
    /// <param name="width">The number of columns, from 1.</param>
    /// <param name="height">The number of rows, from 1.</param>
    /// <param name="pixelFormat">The order of the bytes of a pixel.</param>
    /// <param name="imagePixelData">4 × width × height bytes, rows from top to bottom, colours multiplied by alpha.</param>
    /// <exception cref="ArgumentException">A size is not positive, the format unknown, or the number of bytes wrong.</exception>
    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (width <= 0)
            throw new ArgumentException($"An image's width must be 1 or more, not {width}.", nameof(width));
        if (height <= 0)
            throw new ArgumentException($"An image's height must be 1 or more, not {height}.", nameof(height));
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException($"Pixel format {pixelFormat} is not supported; give {MLPixelFormat.Bgra32} or {MLPixelFormat.Rgba32}.", nameof(pixelFormat));
        if (imagePixelData.Length != (long)BytesPerPixel * width * height)
        {
            throw new ArgumentException(
                $"A {width} × {height} image has {(long)BytesPerPixel * width * height} bytes, 4 a pixel; {imagePixelData.Length} were given.", nameof(imagePixelData));
        }

        return new MLImage(width, height, pixelFormat, imagePixelData.ToArray());
    }

    /// <summary>Writes the image in the format of the path's extension: <c>.png</c>, <c>.jpg</c>, <c>.jpeg</c> (alpha on white) or <c>.webp</c>.</summary>
    /// <exception cref="ArgumentException">The extension is another one.</exception>
    public void Save(string imagePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        var format = Path.GetExtension(imagePath).ToUpperInvariant() switch
        {
            ".PNG" => ImageFileFormat.Png,
            ".JPG" or ".JPEG" => ImageFileFormat.Jpeg,
            ".WEBP" => ImageFileFormat.WebP,
            var other => throw new ArgumentException($"An image is saved as .png, .jpg, .jpeg or .webp, not as '{other}' ('{imagePath}').", nameof(imagePath)),
        };
        File.WriteAllBytes(imagePath, ImageCodec.Encode(PixelBytes.ToRaster(Pixels, Width, Height, PixelFormat), format));
    }

    /// <summary>Ends the use of the image: its members throw from now on.</summary>
    public void Dispose() => _pixels = null;

    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The content of an image file.</param>
    /// <param name="name">The file in error messages; null where there is none.</param>
    /// <param name="parameterName">The parameter an exception blames; null blames none.</param>
    internal static MLImage Decode(ReadOnlySpan<byte> encoded, string name, string parameterName = null)
    {
        try
        {
            var raster = ImageCodec.Decode(encoded, settings: null, name);
            return Of(raster.Width, raster.Height, PixelBytes.FromRaster(raster));
        }
        catch (InvalidDataException broken)
        {
            throw new ArgumentException(broken.Message, parameterName, broken);
        }
    }

    /// <summary>An image over BGRA pixels, which are not copied.</summary>
    internal static MLImage Of(int width, int height, byte[] bgra, string tag = null) => new(width, height, MLPixelFormat.Bgra32, bgra) { Tag = tag };

    private T OfLiving<T>(T value) => _pixels is not null
        ? value
        : throw new ObjectDisposedException(nameof(MLImage), $"The image {(Tag is null ? "" : $"'{Tag}' ")}was disposed of.");
}
