using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Images;

/// <summary>Arithmetic on interleaved 8-bit pixels: from one set of channels to another.</summary>
internal static class PixelConversion
{
    /// <summary>Rec. 601 luma in 16-bit fixed point, as Pillow computes it; the weights sum to 65536, so that grey stays what it is.</summary>
    public static byte Luma(int red, int green, int blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16);

    /// <summary>A colour laid over a background: (colour × alpha + background × (255 − alpha)) / 255, rounded.</summary>
    public static byte Over(int color, int background, int alpha) => (byte)(((color * alpha) + (background * (255 - alpha)) + 127) / 255);

    /// <summary>(255 − ink) (255 − black) / 255, rounded: the formula used where nothing is known about the inks; 255 is full ink.</summary>
    public static byte OfInk(int ink, int black) => (byte)((((255 - ink) * (255 - black)) + 127) / 255);

    /// <summary>Converts between grey (1 channel), RGB (3) and RGBA (4).</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="to">Channels out: 1, 3 or 4.</param>
    /// <param name="background">What shows through where alpha is dropped.</param>
    /// <returns>width × height × <paramref name="to"/> bytes.</returns>
    public static byte[] Convert(PixelView image, int to, (byte Red, byte Green, byte Blue) background)
    {
        var converted = GC.AllocateUninitializedArray<byte>(checked(image.Width * image.Height * to));
        Convert(image, to, background, converted);
        return converted;
    }

    /// <summary>Converts into memory that is there already, of width × height × <paramref name="to"/> bytes.</summary>
    public static void Convert(PixelView image, int to, (byte Red, byte Green, byte Blue) background, Span<byte> converted)
    {
        var pixels = image.Bytes;
        if (image.Channels == to && image.Step == to)
            pixels.CopyTo(converted);
        else if (image.Channels == 3 && image.Step == 4 && to == 3)
            Pack(pixels, converted);
        else
            ConvertEach(image, to, background, converted);
    }

    /// <summary>Drops every fourth byte.</summary>
    private static void Pack(ReadOnlySpan<byte> pixels, Span<byte> packed)
    {
        var (from, to) = (0, 0);
        if (Vector128.IsHardwareAccelerated)
        {
            var colours = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
            ref var source = ref MemoryMarshal.GetReference(pixels);
            ref var target = ref MemoryMarshal.GetReference(packed);

            // Four pixels at a time; the four bytes too many are written over by the next four.
            for (; to + 16 <= packed.Length; from += 16, to += 12)
                Vector128.Shuffle(Vector128.LoadUnsafe(ref source, (nuint)from), colours).StoreUnsafe(ref target, (nuint)to);
        }

        for (; to < packed.Length; from += 4, to += 3)
            pixels.Slice(from, 3).CopyTo(packed[to..]);
    }

    private static void ConvertEach(PixelView image, int to, (byte Red, byte Green, byte Blue) background, Span<byte> converted)
    {
        var pixels = image.Bytes;
        var (isGrey, hasAlpha) = (image.Channels == 1, image.Channels == 4);
        for (int source = 0, target = 0; target < converted.Length; source += image.Step, target += to)
        {
            byte red = pixels[source], green = isGrey ? red : pixels[source + 1], blue = isGrey ? red : pixels[source + 2];
            var alpha = hasAlpha ? pixels[source + 3] : (byte)255;
            if (to != 4 && alpha != 255)
            {
                red = Over(red, background.Red, alpha);
                green = Over(green, background.Green, alpha);
                blue = Over(blue, background.Blue, alpha);
            }

            if (to == 1)
            {
                converted[target] = Luma(red, green, blue);
                continue;
            }

            converted[target] = red;
            converted[target + 1] = green;
            converted[target + 2] = blue;
            if (to == 4)
                converted[target + 3] = alpha;
        }
    }
}
