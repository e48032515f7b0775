namespace MLPipelines.Images;

/// <summary>Decodes one image out of pinned bytes: header, size check, shrinking, orientation, colour, channels.</summary>
internal sealed unsafe class ImageDecoder(byte* data, int length, ImageFormat format, ImageDecodeSettings settings, string name)
{
    public RasterImage Decode()
    {
        // The size is checked on the header alone: pixels are only computed when ToArray asks for them.
        using var header = Load(_ => { });
        CheckSize(header.Width, header.Height);

        // Making an operation takes longer than decoding a small image, so what would change nothing is left out.
        var isTurned = settings.ApplyOrientation && header.Orientation > 1;
        using var stored = Shrunk(header, isTurned);
        using var upright = isTurned ? stored.Through("autorot") : stored;
        var isGrey = upright.Bands <= 2;
        var (pixels, bands) = Colors(upright);
        var channels = settings.Colors switch
        {
            ColorModel.Grey => 1,
            ColorModel.Rgb => 3,
            ColorModel.Rgba => 4,
            _ => bands is 2 or 4 ? 4 : isGrey ? 1 : 3,
        };

        return new RasterImage(upright.Width, upright.Height, channels, PixelConversion.Convert(pixels, bands, channels, settings.Background));
    }

    /// <param name="set">Sets further options of the loader.</param>
    /// <param name="anyOrder">False: rows come from top to bottom alone, and the library keeps few of them. True: it keeps the whole image, so
    /// that it can be turned.</param>
    private VipsImage Load(Action<VipsOperation> set, bool anyOrder = false)
    {
        using var load = new VipsOperation(format.Loader);
        load.Set("buffer", data, length);
        load.Set("fail-on", settings.AcceptDamage ? VipsConstants.FailOnNothing : VipsConstants.FailOnWarning);
        load.Set("access", anyOrder ? VipsConstants.AccessRandom : VipsConstants.AccessSequential);
        set(load);
        load.Build();
        return load.Image("out");
    }

    private void CheckSize(int width, int height)
    {
        if ((long)width * height > settings.MaximumPixels)
        {
            throw new InvalidDataException(
                $"{name} is {width:N0} × {height:N0} = {(long)width * height:N0} pixels large; at most {settings.MaximumPixels:N0} are allowed "
                + "(ImageDecodeSettings.MaximumPixels).");
        }
    }

    /// <summary>The image loaded in as small a size as the settings and the format allow.</summary>
    private VipsImage Shrunk(VipsImage header, bool isTurned)
    {
        VipsImage InFullSize() => isTurned ? Load(_ => { }, anyOrder: true) : header;
        if (settings.ShrinkToAtLeast is not var (width, height))
            return InFullSize();

        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var liesOnItsSide = isTurned && header.Orientation >= 5;
        var (needWidth, needHeight) = liesOnItsSide ? (height, width) : (width, height);
        switch (format.Name)
        {
            case "JPEG":
                var shrink = 8;
                while (shrink > 1 && (header.Width / shrink < needWidth || header.Height / shrink < needHeight))
                    shrink /= 2;
                return shrink == 1 ? InFullSize() : Load(load => load.Set("shrink", shrink), isTurned);
            case "WebP":
                var scale = Math.Max((double)needWidth / header.Width, (double)needHeight / header.Height);
                return scale >= 1 ? InFullSize() : Load(load => load.Set("scale", scale), isTurned);
            default:
                return InFullSize();
        }
    }

    /// <summary>8-bit pixels in 1 (grey), 2 (with alpha), 3 (sRGB) or 4 (with alpha) bands.</summary>
    private (byte[] Pixels, int Bands) Colors(VipsImage image)
    {
        if (image.Bands > 5)
            throw new InvalidDataException($"{name} has {image.Bands} channels; grey, RGB and CMYK images, with alpha or without, can be read.");

        if (image.HasColorProfile && ThroughItsProfile(image) is { } transformed)
        {
            using (transformed)
                return (transformed.ToArray(), transformed.Bands);
        }

        if (image.Interpretation is VipsConstants.Rgb16 or VipsConstants.Grey16 or VipsConstants.Cmyk)
        {
            using var upperBytes = Bytes(image);
            return image.Interpretation == VipsConstants.Cmyk
                ? (PixelConversion.RgbOfCmyk(upperBytes.ToArray(), upperBytes.Bands), 3)
                : (upperBytes.ToArray(), upperBytes.Bands);
        }

        var space = image.Bands <= 2 ? VipsConstants.GreyScale : VipsConstants.Srgb;
        if (image.Interpretation == space && image.Format == VipsConstants.UnsignedChar && image.Bands <= 4)
            return (image.ToArray(), image.Bands);

        using var converted = image.Through("colourspace", conversion => conversion.Set("space", space));
        using var bytes = Bytes(converted);
        return (bytes.ToArray(), bytes.Bands);
    }

    /// <summary>As bytes; of 16 bits the upper 8.</summary>
    private static VipsImage Bytes(VipsImage image) => image.Through("cast", cast =>
    {
        cast.Set("format", VipsConstants.UnsignedChar);
        cast.Set("shift", image.Format == VipsConstants.UnsignedShort);
    });

    /// <summary>Null where the profile is damaged or belongs to another kind of image: then the image is as good as one without.</summary>
    private static VipsImage? ThroughItsProfile(VipsImage image)
    {
        try
        {
            return image.Through("icc_transform", transform =>
            {
                transform.Set("output-profile", "srgb");
                transform.Set("embedded", true);
            });
        }
        catch (VipsException)
        {
            VipsApi.vips_error_clear();
            return null;
        }
    }
}
