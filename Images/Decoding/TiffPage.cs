using BitMiracle.LibTiff.Classic;

namespace MLPipelines.Images;

/// <summary>What the tags of a TIFF's page say of its pixels.</summary>
internal sealed class TiffPage
{
    public TiffPage(Tiff tiff)
    {
        Width = Number(tiff, TiffTag.IMAGEWIDTH, 0);
        Height = Number(tiff, TiffTag.IMAGELENGTH, 0);
        Bits = Number(tiff, TiffTag.BITSPERSAMPLE, 1);
        Samples = Number(tiff, TiffTag.SAMPLESPERPIXEL, 1);
        Format = Number(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        Colors = (Photometric)Number(tiff, TiffTag.PHOTOMETRIC, (int)Photometric.MINISBLACK);
        IsPlanar = Number(tiff, TiffTag.PLANARCONFIG, (int)PlanarConfig.CONTIG) == (int)PlanarConfig.SEPARATE;
        Orientation = Number(tiff, TiffTag.ORIENTATION, Images.Orientation.Upright);
        var extra = tiff.GetField(TiffTag.EXTRASAMPLES);
        Alpha = extra is [var count, var kinds, ..] && count.ToInt() > 0 && kinds.ToShortArray() is [var kind, ..]
            ? (ExtraSample)kind : ExtraSample.UNSPECIFIED;
        Palette = Colors == Photometric.PALETTE && tiff.GetField(TiffTag.COLORMAP) is [var red, var green, var blue, ..]
            ? [red.ToShortArray(), green.ToShortArray(), blue.ToShortArray()] : null;
        Profile = tiff.GetField(TiffTag.ICCPROFILE) is [_, var profile, ..] ? profile.ToByteArray() : null;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Bits of each sample.</summary>
    public int Bits { get; }

    /// <summary>Samples of each pixel, alpha and unknown ones included.</summary>
    public int Samples { get; }

    /// <summary>A value of <see cref="SampleFormat"/>.</summary>
    public int Format { get; }

    public Photometric Colors { get; }

    /// <summary>Whether each sample has strips of its own.</summary>
    public bool IsPlanar { get; }

    /// <summary>As EXIF's.</summary>
    public int Orientation { get; }

    /// <summary>What the first sample behind the colours is.</summary>
    public ExtraSample Alpha { get; }

    /// <summary>Red, green and blue of each index, 16 bits.</summary>
    public short[][]? Palette { get; }

    /// <summary>The embedded colour profile.</summary>
    public byte[]? Profile { get; }

    /// <summary>Samples that are colours.</summary>
    public int ColorSamples => Colors switch { Photometric.RGB => 3, Photometric.SEPARATED => 4, _ => 1 };

    /// <summary>Whether there is alpha that means opacity.</summary>
    public bool HasAlpha => Samples > ColorSamples && Colors != Photometric.PALETTE && Alpha is ExtraSample.ASSOCALPHA or ExtraSample.UNASSALPHA;

    /// <summary>Whether the library knows the colours better: those that are no plain samples.</summary>
    public bool IsConvertedByLibrary => Colors is not (Photometric.MINISWHITE or Photometric.MINISBLACK or Photometric.RGB or Photometric.PALETTE
        or Photometric.SEPARATED);

    /// <summary>Bytes of a sample in memory.</summary>
    public int BytesPerSample => Math.Max(1, Bits / 8);

    /// <summary>Raw samples, pixels, and the same turned.</summary>
    public long MemoryNeeded => (long)Width * Height * ((Samples * BytesPerSample) + 8);

    /// <summary>Refuses what is not read.</summary>
    public void Check(ImageFile file)
    {
        const string Advice = "save it as 8-bit grey or RGB";
        if (Width < 1 || Height < 1)
            throw file.Damaged($"its size is {Width} × {Height}");
        if (IsConvertedByLibrary)
            return;
        if (!TiffSamples.Knows(Format, Bits))
            throw file.Unsupported(TiffSamples.Describe(Format, Bits), Advice);
        if (Samples < ColorSamples || Samples > ColorSamples + 4)
            throw file.Unsupported($"with {Samples} channels", "grey, RGB and CMYK images are, with alpha or without");
        if (Colors == Photometric.PALETTE && (Bits > 8 || Palette is null || Palette.Any(channel => channel.Length < 1 << Bits)))
            throw file.Damaged("its palette is missing or too short");
        if ((long)Width * Height * Samples * BytesPerSample > Array.MaxLength)
            throw file.Unsupported($"of {Width} × {Height} pixels with {Samples} channels {TiffSamples.Describe(Format, Bits)}", Advice);
    }

    private static int Number(Tiff tiff, TiffTag tag, int otherwise) => tiff.GetFieldDefaulted(tag) is [var value, ..] ? value.ToInt() : otherwise;
}
