using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>Turns and mirrors decoded pixels as EXIF's orientation says.</summary>
internal static class Orientation
{
    /// <summary>The tag's values: 1 upright, 2 mirrored, 3 upside down, 4 both, 5 to 8 lying on their side.</summary>
    public const int Upright = 1, Last = 8;

    /// <summary>Whether width and height change places.</summary>
    public static bool Turns(int orientation) => orientation is >= 5 and <= Last;

    /// <summary>The upright image; <paramref name="stored"/> is disposed of unless it is returned.</summary>
    /// <param name="stored">As the file has it.</param>
    /// <param name="orientation">1 to 8; other values mean nothing and are taken for 1.</param>
    public static DecodedPixels Apply(DecodedPixels stored, int orientation)
    {
        if (orientation is <= Upright or > Last)
            return stored;
        using (stored)
        {
            var (width, height) = (stored.Width, stored.Height);
            var upright = Turns(orientation)
                ? new DecodedPixels(height, width, stored.Layout) { Note = stored.Note }
                : new DecodedPixels(width, height, stored.Layout) { Note = stored.Note };

            // Where the first stored pixel goes, and how far from there the next row's and the next column's go.
            var (first, row, column) = orientation switch
            {
                2 => (width - 1, width, -1),
                3 => ((width * height) - 1, -width, -1),
                4 => ((height - 1) * width, -width, 1),
                5 => (0, 1, height),
                6 => (height - 1, -1, height),
                7 => ((width * height) - 1, -1, -height),
                _ => ((width - 1) * height, 1, -height),
            };
            if (stored.BytesPerPixel == 1)
                Copy<byte>(stored.Bytes, upright.Bytes, width, first, row, column);
            else
                Copy<uint>(MemoryMarshal.Cast<byte, uint>(stored.Bytes), MemoryMarshal.Cast<byte, uint>(upright.Bytes), width, first, row, column);
            (upright.Room, stored.Room) = (stored.Room, null);
            return upright;
        }
    }

    private static void Copy<T>(ReadOnlySpan<T> stored, Span<T> upright, int width, int first, int row, int column)
    {
        for (var from = 0; from < stored.Length; from += width, first += row)
        {
            var to = first;
            foreach (var pixel in stored.Slice(from, width))
            {
                upright[to] = pixel;
                to += column;
            }
        }
    }
}
