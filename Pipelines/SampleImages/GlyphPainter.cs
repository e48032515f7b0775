using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>Draws one sample image: a shape, turned, moved, scaled and coloured at random, antialiased, on a background with noise and
/// sometimes something in front.</summary>
internal static class GlyphPainter
{
    /// <summary>Draws an image of <paramref name="size"/> × <paramref name="size"/> pixels, RGB.</summary>
    /// <param name="distance">The shape, see <see cref="Glyphs"/>.</param>
    /// <param name="size">The side in pixels.</param>
    /// <param name="difficulty">0 (all shapes upright, central, of one size) to 1.</param>
    /// <param name="random">What everything random is drawn from.</param>
    public static RasterImage Draw(Func<double, double, double> distance, int size, double difficulty, SampleRandom random)
    {
        var (sine, cosine) = Math.SinCos(random.Between(-1, 1) * difficulty * Math.PI / 2);
        var radius = size * 0.4 * (1 + random.Between(-0.4, 0.4) * difficulty);
        var centreX = size / 2.0 + random.Between(-0.25, 0.25) * difficulty * size;
        var centreY = size / 2.0 + random.Between(-0.25, 0.25) * difficulty * size;

        // Up to medium difficulty a light shape on a dark ground; beyond that also the other way round.
        var light = Colour(random, random.Between(0.95 - 0.3 * difficulty, 1));
        var dark = Colour(random, random.Between(0.05, 0.1 + 0.4 * difficulty));
        var (shape, ground) = random.Next() < Math.Max(0, difficulty - 0.5) ? (dark, light) : (light, dark);
        var slope = random.Between(-0.4, 0.4) * difficulty;
        var bar = random.Next() < 0.6 * difficulty ? Bar(random, size) : (_, _) => false;

        var pixels = new byte[size * size * 3];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (offX, offY) = ((x + 0.5 - centreX) / radius, (y + 0.5 - centreY) / radius);
                // Half a pixel on either side of the outline is its antialiasing.
                var coverage = bar(x, y) ? 0 : Math.Clamp(0.5 - radius * distance(cosine * offX + sine * offY, cosine * offY - sine * offX), 0, 1);
                var shade = 1 + slope * (2.0 * y / size - 1);
                for (var c = 0; c < 3; c++)
                {
                    var value = coverage * shape[c] + (1 - coverage) * ground[c] * shade + random.Normal() * 0.16 * difficulty;
                    pixels[(y * size + x) * 3 + c] = (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
                }
            }
        }
        return new RasterImage(size, size, 3, pixels);
    }

    // A random hue, not too colourful, with the given brightness: HSV with a saturation of up to 0.6.
    private static double[] Colour(SampleRandom random, double brightness)
    {
        var (hue, saturation) = (random.Between(0, 6), random.Between(0, 0.6));
        return [Channel(5), Channel(3), Channel(1)];

        double Channel(double n) => brightness * (1 - saturation * Math.Clamp(Math.Min((n + hue) % 6, 4 - (n + hue) % 6), 0, 1));
    }

    // A strip of the ground's colour, at any angle, that hides a part of the shape.
    private static Func<int, int, bool> Bar(SampleRandom random, int size)
    {
        var (sine, cosine) = Math.SinCos(random.Between(0, Math.PI));
        var (offset, half) = (random.Between(-0.3, 0.3) * size, random.Between(0.03, 0.08) * size);
        return (x, y) => Math.Abs((x - size / 2.0) * cosine + (y - size / 2.0) * sine - offset) < half;
    }
}
