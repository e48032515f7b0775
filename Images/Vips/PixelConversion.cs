namespace MLPipelines.Images;

/// <summary>Arithmetic on interleaved 8-bit pixels: from one set of channels to another.</summary>
internal static class PixelConversion
{
    /// <summary>Converts between grey (1 channel), grey with alpha (2), RGB (3) and RGBA (4).</summary>
    /// <param name="pixels">Interleaved; may be returned as it is.</param>
    /// <param name="from">Channels in, 1 to 4.</param>
    /// <param name="to">Channels out: 1, 3 or 4.</param>
    /// <param name="background">What shows through where alpha is dropped: (colour × alpha + background × (255 − alpha)) / 255, rounded.</param>
    public static byte[] Convert(byte[] pixels, int from, int to, (byte Red, byte Green, byte Blue) background)
    {
        if (from == to)
            return pixels;

        var converted = new byte[(long)pixels.Length / from * to];
        var hasAlpha = from is 2 or 4;
        var isGrey = from <= 2;
        for (int source = 0, target = 0; source < pixels.Length; source += from, target += to)
        {
            int red = pixels[source], green = isGrey ? red : pixels[source + 1], blue = isGrey ? red : pixels[source + 2];
            int alpha = hasAlpha ? pixels[source + from - 1] : 255;
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

            converted[target] = (byte)red;
            converted[target + 1] = (byte)green;
            converted[target + 2] = (byte)blue;
            if (to == 4)
                converted[target + 3] = (byte)alpha;
        }

        return converted;
    }

    /// <summary>Cyan, magenta, yellow, black (255 full ink) to RGB, by the formula used where nothing is known about the inks:
    /// R = (255 − C) (255 − K) / 255, rounded.</summary>
    /// <param name="pixels">Interleaved.</param>
    /// <param name="bands">4 or more; those after the fourth are passed over.</param>
    public static byte[] RgbOfCmyk(byte[] pixels, int bands)
    {
        var rgb = new byte[pixels.Length / bands * 3];
        for (int source = 0, target = 0; source < pixels.Length; source += bands, target += 3)
        {
            var paper = 255 - pixels[source + 3];
            for (var c = 0; c < 3; c++)
                rgb[target + c] = (byte)((((255 - pixels[source + c]) * paper) + 127) / 255);
        }

        return rgb;
    }

    /// <summary>Rec. 601 luma in 16-bit fixed point; the weights sum to 65536, so that grey stays what it is.</summary>
    private static byte Luma(int red, int green, int blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16);

    private static int Over(int color, int background, int alpha) => ((color * alpha) + (background * (255 - alpha)) + 127) / 255;
}
