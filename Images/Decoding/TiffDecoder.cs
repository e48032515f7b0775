using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace MLPipelines.Images;

/// <summary>Decodes the first page of a TIFF by LibTiff.NET, which is managed code.</summary>
/// <remarks>
/// Grey, RGB, palette and CMYK, with alpha or without, in strips or tiles, of 1 to 32 bits (<see cref="TiffSamples"/>), in whatever compression
/// the library reads; YCbCr and CIELAB as the library converts them. An RGB colour profile of matrix and curves is applied; others are passed over.
/// </remarks>
internal static unsafe class TiffDecoder
{
    /// <summary>Decodes a file, upright where that is asked for.</summary>
    /// <exception cref="InvalidDataException">It is damaged, larger than allowed, or of a kind that is not read.</exception>
    public static DecodedPixels Decode(ReadOnlySpan<byte> encoded, ImageDecodeSettings settings, ImageFile file)
    {
        using var source = new TiffSource(encoded.ToArray());
        try
        {
            using var tiff = Tiff.ClientOpen("image", "r", source, new TiffStream())
                ?? throw file.Damaged(source.Error ?? "its header cannot be read");
            var page = new TiffPage(tiff);
            file.CheckSize(page.Width, page.Height, settings);
            page.Check(file);
            using var room = DecodingMemory.Reserve(page.MemoryNeeded);
            var pixels = page.IsConvertedByLibrary ? Converted(tiff, page, source, file) : Samples(tiff, page, source, settings, file);
            return settings.ApplyOrientation ? Orientation.Apply(pixels, page.Orientation) : pixels;
        }
        catch (Exception failure) when (failure is not (InvalidDataException or OutOfMemoryException))
        {
            // The library is managed, and checks less than it should: hostile files run it into its own arrays' bounds.
            throw file.Damaged(source.Error ?? "it cannot be decoded");
        }
    }

    /// <summary>Colours that are no plain samples (YCbCr, CIELAB, LogLuv), as the library converts them.</summary>
    private static DecodedPixels Converted(Tiff tiff, TiffPage page, TiffSource source, ImageFile file)
    {
        if (!tiff.RGBAImageOK(out var obstacle))
            throw file.Unsupported($"in {page.Colors}", $"save it as 8-bit grey or RGB ({obstacle})");
        var raster = new int[page.Width * page.Height];
        if (!tiff.ReadRGBAImageOriented(page.Width, page.Height, raster, BitMiracle.LibTiff.Classic.Orientation.TOPLEFT))
            throw file.Damaged(source.Error ?? "its pixels cannot be decoded");
        var pixels = new DecodedPixels(page.Width, page.Height, PixelLayout.Rgbx);
        for (var i = 0; i < raster.Length; i++)
        {
            pixels.Bytes[4 * i] = (byte)Tiff.GetR(raster[i]);
            pixels.Bytes[(4 * i) + 1] = (byte)Tiff.GetG(raster[i]);
            pixels.Bytes[(4 * i) + 2] = (byte)Tiff.GetB(raster[i]);
        }

        return pixels;
    }

    private static DecodedPixels Samples(Tiff tiff, TiffPage page, TiffSource source, ImageDecodeSettings settings, ImageFile file)
    {
        // Palette indices are no amounts.
        var raw = new byte[page.Width * page.Height * page.Samples * page.BytesPerSample];
        var isWhole = ReadBlocks(tiff, page, raw);
        if (!isWhole && settings.Damage != DamagePolicy.Salvage)
            throw file.Damaged(source.Error ?? "its data end early; it was cut short, or part of it is missing");
        var bytes = raw;
        ImageNote? note = null;
        if (page.Colors != Photometric.PALETTE)
        {
            bytes = page.BytesPerSample == 1 ? raw : new byte[page.Width * page.Height * page.Samples];
            note = TiffSamples.Scale(raw, page.Format, page.Bits, bytes, file);
        }

        var isGrey = page.Colors is Photometric.MINISBLACK or Photometric.MINISWHITE;
        var layout = page.HasAlpha ? PixelLayout.Rgba : isGrey ? PixelLayout.Grey : PixelLayout.Rgbx;
        var pixels = new DecodedPixels(page.Width, page.Height, layout)
        {
            Note = isWhole ? note : new ImageNote("part of its data is missing", IsDamage: true),
        };
        Colors(page, bytes, pixels.Bytes, pixels.BytesPerPixel);
        if (page.Profile is { } profile && page.Colors == Photometric.RGB)
            ThroughItsProfile(pixels, profile);
        return pixels;
    }

    /// <summary>Reads every strip or tile of every plane into one array: pixel after pixel, sample after sample, a byte at least for each.</summary>
    /// <returns>Whether all of it could be read.</returns>
    private static bool ReadBlocks(Tiff tiff, TiffPage page, byte[] raw)
    {
        var isTiled = tiff.IsTiled();
        var (blockWidth, blockHeight) = isTiled
            ? (tiff.GetField(TiffTag.TILEWIDTH)[0].ToInt(), tiff.GetField(TiffTag.TILELENGTH)[0].ToInt())
            : (page.Width, Math.Min(page.Height, tiff.GetFieldDefaulted(TiffTag.ROWSPERSTRIP)[0].ToInt() is > 0 and var rows ? rows : page.Height));
        var samples = page.IsPlanar ? 1 : page.Samples;
        var block = new byte[isTiled ? tiff.TileSize() : tiff.StripSize()];
        var rowLength = ((blockWidth * samples * page.Bits) + 7) / 8;
        var isWhole = true;
        for (var plane = 0; plane < (page.IsPlanar ? page.Samples : 1); plane++)
        {
            for (var top = 0; top < page.Height; top += blockHeight)
            {
                for (var left = 0; left < page.Width; left += blockWidth)
                {
                    var rowsHere = Math.Min(blockHeight, page.Height - top);
                    var read = isTiled
                        ? tiff.ReadEncodedTile(tiff.ComputeTile(left, top, 0, (short)plane), block, 0, block.Length)
                        : tiff.ReadEncodedStrip(tiff.ComputeStrip(top, (short)plane), block, 0, rowsHere * rowLength);
                    isWhole &= read >= rowsHere * rowLength;
                    for (var row = 0; row < Math.Min(rowsHere, Math.Max(0, read) / rowLength); row++)
                    {
                        var columns = Math.Min(blockWidth, page.Width - left);
                        var first = ((((top + row) * page.Width) + left) * page.Samples) + plane;
                        Place(block.AsSpan(row * rowLength, rowLength), page, columns * samples, first, raw);
                    }
                }
            }
        }

        return isWhole;
    }

    /// <summary>Puts a row of samples where they belong.</summary>
    private static void Place(ReadOnlySpan<byte> row, TiffPage page, int count, int first, byte[] raw)
    {
        var size = page.BytesPerSample;
        if (page.Bits < 8)
        {
            var unpacked = new byte[count];
            TiffSamples.Unpack(row, page.Bits, unpacked);
            row = unpacked;
        }

        if (!page.IsPlanar)
        {
            row[..(count * size)].CopyTo(raw.AsSpan(first * size));
            return;
        }

        for (var i = 0; i < count; i++)
            row.Slice(i * size, size).CopyTo(raw.AsSpan((first + (i * page.Samples)) * size));
    }

    /// <summary>Grey, RGB, or what palette and inks look like.</summary>
    private static void Colors(TiffPage page, ReadOnlySpan<byte> samples, Span<byte> pixels, int step)
    {
        var palette = page.Palette is { } entries ? new PaletteBytes(entries) : null;
        var flip = page.Colors == Photometric.MINISWHITE ? 255 : 0;
        for (int from = 0, to = 0; to < pixels.Length; from += page.Samples, to += step)
        {
            var pixel = samples.Slice(from, page.Samples);
            var target = pixels.Slice(to, step);
            switch (page.Colors)
            {
                case Photometric.PALETTE:
                    palette!.Of(pixel[0]).CopyTo(target);
                    break;
                case Photometric.RGB:
                    pixel[..3].CopyTo(target);
                    break;
                case Photometric.SEPARATED:
                    for (var ink = 0; ink < 3; ink++)
                        target[ink] = PixelConversion.OfInk(pixel[ink], pixel[3]);
                    break;
                default:
                    target[..Math.Min(3, step)].Fill((byte)(pixel[0] ^ flip));
                    break;
            }

            if (page.HasAlpha)
                SetAlpha(target, pixel[page.ColorSamples], page.Alpha == ExtraSample.ASSOCALPHA);
        }
    }

    private static void SetAlpha(Span<byte> pixel, byte alpha, bool isMultipliedIn)
    {
        pixel[3] = alpha;
        if (!isMultipliedIn || alpha is 0 or 255)
            return;
        for (var c = 0; c < 3; c++)
            pixel[c] = (byte)Math.Min(255, ((pixel[c] * 255) + (alpha / 2)) / alpha);
    }

    /// <summary>Converts to sRGB in place; a profile that cannot be read is as good as none.</summary>
    private static void ThroughItsProfile(DecodedPixels pixels, byte[] profile)
    {
        using var colors = SKColorSpace.CreateIcc(profile);
        if (colors is null || colors.IsSrgb)
            return;
        var alpha = pixels.Layout == PixelLayout.Rgba ? SKAlphaType.Unpremul : SKAlphaType.Opaque;
        using var srgb = SKColorSpace.CreateSrgb();
        fixed (byte* first = pixels.Bytes)
        {
            var source = new SKImageInfo(pixels.Width, pixels.Height, SKColorType.Rgba8888, alpha, colors);
            using var pixmap = new SKPixmap(source, (nint)first, source.RowBytes);
            pixmap.ReadPixels(source.WithColorSpace(srgb), (nint)first, source.RowBytes);
        }
    }

    /// <summary>A palette's colours as bytes: the upper 8 of 16 bits, or the lower where a writer put 8-bit colours there.</summary>
    private sealed class PaletteBytes
    {
        private readonly byte[] colors;

        public PaletteBytes(short[][] entries)
        {
            var shift = entries.Any(channel => channel.Any(value => (ushort)value > 255)) ? 8 : 0;
            colors = [.. Enumerable.Range(0, entries[0].Length).SelectMany(i => entries.Select(channel => (byte)((ushort)channel[i] >> shift)))];
        }

        public ReadOnlySpan<byte> Of(int index) => colors.AsSpan(3 * index, 3);
    }
}
