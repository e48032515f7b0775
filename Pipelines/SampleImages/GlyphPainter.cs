using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>Draws one sample image as a photo of a shape might look: the shape in a random pose, form and colour on a textured ground, scraps
/// lying about, something in front of it now and then, uneven light, blur and noise.</summary>
internal static class GlyphPainter
{
    private sealed record Layer(Distance Distance, Func<double, double, Rgb> Colour);

    /// <summary>Draws an image of <paramref name="size"/> × <paramref name="size"/> pixels, RGB.</summary>
    /// <param name="glyph">The shape at a variation, see <see cref="Glyphs"/>.</param>
    /// <param name="size">The side in pixels.</param>
    /// <param name="difficulty">0 (all shapes upright, central, of one form and size, without anything else) to 1.</param>
    /// <param name="random">What everything random is drawn from.</param>
    public static RasterImage Draw(Func<double, Distance> glyph, int size, double difficulty, SampleRandom random)
    {
        // Most shapes are near their textbook form, a few percent near their look-alike.
        var rarity = random.Next();
        var shape = glyph(Math.Min(1, 2 * difficulty) * rarity * rarity * rarity * rarity);
        var pose = new GlyphPose(difficulty, random);
        var layers = Layers(pose.Place(shape), pose, difficulty, random);

        // The camera: the width of an edge in focus is a pixel.
        var blur = random.Next();
        var edge = (1 + 2.5 * difficulty * blur * blur) / size;
        var contrast = 1 - random.Between(0, 0.6) * difficulty;
        var (lightX, lightY) = (random.Between(-0.6, 0.6) * difficulty, random.Between(-0.6, 0.6) * difficulty);
        var noise = random.Between(0.02, 0.1) * difficulty;

        var pixels = new byte[size * size * 3];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var (x, y) = ((column + 0.5) / size, (row + 0.5) / size);
                var colour = layers[0].Colour(x, y);
                foreach (var layer in layers.AsSpan(1))
                {
                    var coverage = 0.5 - layer.Distance(x, y) / edge;
                    if (coverage > 0) colour = colour.Towards(layer.Colour(x, y), Math.Min(1, coverage));
                }

                var light = 1 + lightX * (x - 0.5) + lightY * (y - 0.5);
                var at = (row * size + column) * 3;
                pixels[at] = Exposed(colour.Red);
                pixels[at + 1] = Exposed(colour.Green);
                pixels[at + 2] = Exposed(colour.Blue);

                byte Exposed(double value) =>
                    (byte)Math.Round(255 * Math.Clamp(0.5 + contrast * (light * value - 0.5) + noise * random.Normal(), 0, 1));
            }
        }
        return new RasterImage(size, size, 3, pixels);
    }

    // From back to front: the ground, scraps, the shape, and perhaps something that hides a part of it.
    private static Layer[] Layers(Distance shape, GlyphPose pose, double difficulty, SampleRandom random)
    {
        // A light shape on a dark ground, or, the likelier the more difficult, the other way round.
        var light = Rgb.Random(random, random.Between(0.95 - 0.5 * difficulty, 1));
        var dark = Rgb.Random(random, random.Between(0.05, 0.1 + 0.5 * difficulty));
        var (colour, ground) = random.Next() < Math.Min(0.5, difficulty) ? (dark, light) : (light, dark);

        var layers = new List<Layer>
        {
            new((_, _) => 0, SampleTexture.Draw(ground, Rgb.Random(random, random.Next()), random.Between(0, 0.6) * difficulty, random)),
        };
        for (var scraps = (int)(random.Between(0, 5) * difficulty); scraps > 0; scraps--)
            layers.Add(Scrap(random.Next(), random.Next(), random.Between(0.02, 0.25), random.Between(0.01, 0.06)));
        layers.Add(new(shape, SampleTexture.Draw(colour, Rgb.Random(random, random.Next()), random.Between(0, 0.5) * difficulty, random)));
        if (random.Next() < 0.5 * difficulty)
        {
            var (sine, cosine) = Math.SinCos(random.Between(0, 2 * Math.PI));
            var away = random.Between(0.3, 1.1) * pose.Radius;
            layers.Add(Scrap(pose.CentreX + cosine * away, pose.CentreY + sine * away, random.Between(0.1, 1), random.Between(0.03, 0.09)));
        }
        return [.. layers];

        // A twig or a pebble: all points within a distance of a line of the given length around (x, y). Now and then it has the shape's colour.
        Layer Scrap(double x, double y, double length, double thickness)
        {
            var (sine, cosine) = Math.SinCos(random.Between(0, Math.PI));
            var paint = random.Next() < 0.25 ? colour : Rgb.Random(random, random.Next());
            return new(Away, (_, _) => paint);

            double Away(double toX, double toY)
            {
                var (offX, offY) = (toX - x, toY - y);
                var along = offX * cosine + offY * sine;
                var beyond = along - Math.Clamp(along, -length / 2, length / 2);
                var beside = offY * cosine - offX * sine;
                return Math.Sqrt(beyond * beyond + beside * beside) - thickness;
            }
        }
    }
}
