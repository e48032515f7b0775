using SkiaSharp;

namespace MLPipelines.Images;

/// <summary>Decodes JPEG, PNG, WebP, GIF, BMP and ICO by SkiaSharp, straight into memory of ours.</summary>
internal static unsafe class SkiaDecoder
{
    private const string EndsEarly = "its data end early; it was cut short, or part of it is missing";

    private static readonly SKColorSpace Srgb = SKColorSpace.CreateSrgb();

    /// <summary>Decodes a file of one of these formats, upright where that is asked for.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or larger than allowed.</exception>
    public static DecodedPixels Decode(ReadOnlySpan<byte> encoded, ImageDecodeSettings settings, ImageFile file)
    {
        var facts = FileFacts.Of(encoded, file.Format);
        if (facts is { LacksEnd: true, IsProgressive: true } && settings.Damage == DamagePolicy.Salvage)
        {
            // The decoder waits for the end of such a file before it shows anything.
            var ended = Decode([.. encoded, .. JpegStructure.End], settings with { Damage = DamagePolicy.Tolerate }, file);
            ended.Note = new ImageNote(EndsEarly, IsDamage: true);
            return ended;
        }

        fixed (byte* first = encoded)
        {
            using var data = SKData.Create((nint)first, encoded.Length);
            using var codec = SKCodec.Create(data) ?? throw file.Damaged(facts.Broken ?? "its header cannot be read");
            var stored = codec.Info;
            file.CheckSize(stored.Width, stored.Height, settings);
            if (facts.Broken is { } broken && settings.Damage != DamagePolicy.Salvage)
                throw file.Damaged(broken);

            var orientation = settings.ApplyOrientation ? Math.Max((int)codec.EncodedOrigin, facts.Orientation) : Orientation.Upright;
            var (width, height) = Size(codec, stored, file.Format, settings.ShrinkToAtLeast, Orientation.Turns(orientation));
            var layout = stored.ColorType == SKColorType.Gray8 ? PixelLayout.Grey
                : stored.AlphaType == SKAlphaType.Opaque ? PixelLayout.Rgbx
                : PixelLayout.Rgba;

            // Progressive and interlaced files are held as a whole by the decoder, too; turning and laying over a background need a second image.
            var need = (long)width * height * 4;
            var room = DecodingMemory.Reserve(need + (facts.IsProgressive ? (long)stored.Width * stored.Height * 6 : 0)
                + (orientation > Orientation.Upright || layout == PixelLayout.Rgba ? need : 0));
            DecodedPixels? pixels = null;
            try
            {
                (pixels, var result) = Pixels(codec, width, height, layout, facts.HasProfile ? Srgb : null);
                pixels.Room = room;
                pixels.Note = Judge(result, facts, settings, file);
                if (facts.Is16Bit && pixels.Note is null && UsesFewBits(pixels))
                    pixels.Note = new ImageNote("its 16-bit values use the lowest 12 bits alone, so that it is nearly black", IsDamage: false);
                return Orientation.Apply(pixels, orientation);
            }
            catch
            {
                pixels?.Dispose();
                room?.Dispose();
                throw;
            }
        }
    }

    /// <summary>The size to decode to: as small as the settings and the format allow.</summary>
    private static (int Width, int Height) Size(
        SKCodec codec, SKImageInfo stored, ImageFormat format, (int Width, int Height)? shrinkToAtLeast, bool turns)
    {
        if (shrinkToAtLeast is not var (needWidth, needHeight))
            return (stored.Width, stored.Height);

        ArgumentOutOfRangeException.ThrowIfLessThan(needWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(needHeight, 1);
        if (turns)
            (needWidth, needHeight) = (needHeight, needWidth);
        var scale = Math.Max((double)needWidth / stored.Width, (double)needHeight / stored.Height);
        if (scale >= 1)
            return (stored.Width, stored.Height);

        // libjpeg decodes quickly at a half, a quarter and an eighth; at the eighths between it takes longer than in full.
        double[] scales = format.Name switch
        {
            "JPEG" => [0.125, 0.25, 0.5],
            "WebP" => [scale, scale * 1.001, scale * 1.01],
            _ => [],
        };
        foreach (var candidate in scales)
        {
            var size = candidate < 1 ? codec.GetScaledDimensions((float)candidate) : stored.Size;
            if (size.Width >= needWidth && size.Height >= needHeight)
                return (size.Width, size.Height);
        }

        return (stored.Width, stored.Height);
    }

    private static (DecodedPixels Pixels, SKCodecResult Result) Pixels(SKCodec codec, int width, int height, PixelLayout layout, SKColorSpace? colors)
    {
        var pixels = new DecodedPixels(width, height, layout);
        var info = new SKImageInfo(
            width, height, layout == PixelLayout.Grey ? SKColorType.Gray8 : SKColorType.Rgba8888,
            layout == PixelLayout.Rgba ? SKAlphaType.Unpremul : SKAlphaType.Opaque, colors);
        SKCodecResult result;
        fixed (byte* first = pixels.Bytes)
            result = codec.GetPixels(info, (nint)first);
        if (result != SKCodecResult.InvalidConversion || layout != PixelLayout.Grey)
            return (pixels, result);

        // Grey goes through a colour profile as RGB alone; all three are then equal, or as good as equal.
        pixels.Dispose();
        (pixels, result) = Pixels(codec, width, height, PixelLayout.Rgbx, colors);
        var grey = new DecodedPixels(width, height, PixelLayout.Grey);
        PixelConversion.Convert(pixels.View, 1, default, grey.Bytes);
        pixels.Dispose();
        return (grey, result);
    }

    /// <summary>What is noted of a file that is let pass.</summary>
    /// <exception cref="InvalidDataException">It is not let pass.</exception>
    private static ImageNote? Judge(SKCodecResult result, FileFacts facts, ImageDecodeSettings settings, ImageFile file)
    {
        var problem = result switch
        {
            SKCodecResult.Success => facts.Broken,
            SKCodecResult.IncompleteInput => EndsEarly,
            SKCodecResult.InvalidInput when facts.LacksEnd => EndsEarly,
            SKCodecResult.ErrorInInput => "its data are broken in the middle",
            _ => facts.Broken ?? $"its pixels cannot be decoded ({result})",
        };
        if (problem is null)
            return facts.Flaw is { } flaw ? new ImageNote(flaw, IsDamage: true) : null;
        var isPartlyThere = result is SKCodecResult.Success or SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput;
        return settings.Damage == DamagePolicy.Salvage && isPartlyThere ? new ImageNote(problem, IsDamage: true) : throw file.Damaged(problem);
    }

    /// <summary>Whether no colour goes beyond 15, the upper 8 of 12 bits.</summary>
    private static bool UsesFewBits(DecodedPixels pixels)
    {
        var bytes = pixels.Bytes;
        var step = pixels.BytesPerPixel;
        if (step == 1)
            return !bytes.ContainsAnyExceptInRange((byte)0, (byte)15);
        for (var i = 0; i < bytes.Length; i += step)
        {
            if ((bytes[i] | bytes[i + 1] | bytes[i + 2]) > 15)
                return false;
        }

        return true;
    }
}
