
namespace MLPipelines.Images;

/// <summary>Decodes whatever <see cref="ImageTensorLoader"/> loads, for those who want to see the image and not the tensor.</summary>
public static class EncodedImage
{
    /// <summary>Decodes an image file: binary PGM and PPM here, everything else by libvips with the orientation applied.</summary>
    /// <param name="encoded">The bytes of the file.</param>
    /// <param name="name">What to call the image in errors; null: <c>The image</c>.</param>
    /// <exception cref="InvalidDataException">The bytes are no image, or a broken one.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, string? name = null)
    {
        if (!PortableAnymap.Recognizes(encoded))
            return ImageCodec.Decode(encoded, name: name);
        var pixels = PortableAnymap.Read(encoded, name ?? "The image");
        return new RasterImage(pixels.Width, pixels.Height, pixels.Channels, pixels.Bytes.ToArray());
    }
}
