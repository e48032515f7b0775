namespace MLPipelines.Pipelines;

/// <summary>A surface of two colours that change into each other: clouds, stripes or tiles.</summary>
/// <remarks>x and y run from 0 to 1 over the image, whatever its size.</remarks>
internal static class SampleTexture
{
    /// <summary>A texture of the given colour and, as strong as told from 0 to 1, of <paramref name="other"/>.</summary>
    public static Func<double, double, Rgb> Draw(Rgb colour, Rgb other, double strength, SampleRandom random)
    {
        Func<double, double, double> share = random.Next() switch
        {
            < 0.5 => Clouds((int)random.Between(2, 11), random),
            < 0.8 => Stripes(random),
            _ => Tiles(random),
        };
        return (x, y) => colour.Towards(other, strength * share(x, y));
    }

    // Random values on a grid, joined smoothly.
    private static Func<double, double, double> Clouds(int cells, SampleRandom random)
    {
        var grid = new double[(cells + 1) * (cells + 1)];
        foreach (ref var value in grid.AsSpan()) value = random.Next();
        return (x, y) =>
        {
            var (column, row) = (Math.Min((int)(x * cells), cells - 1), Math.Min((int)(y * cells), cells - 1));
            var (right, down) = (Smooth(x * cells - column), Smooth(y * cells - row));
            var at = row * (cells + 1) + column;
            var above = grid[at] + right * (grid[at + 1] - grid[at]);
            var below = grid[at + cells + 1] + right * (grid[at + cells + 2] - grid[at + cells + 1]);
            return above + down * (below - above);
        };
    }

    private static Func<double, double, double> Stripes(SampleRandom random)
    {
        var (sine, cosine) = Math.SinCos(random.Between(0, Math.PI));
        var (frequency, phase) = (random.Between(2, 7), random.Next());
        return (x, y) => Smooth(Wave(frequency * (cosine * x + sine * y) + phase));
    }

    private static Func<double, double, double> Tiles(SampleRandom random)
    {
        var (sine, cosine) = Math.SinCos(random.Between(0, Math.PI));
        var (frequency, phase) = (random.Between(1.5, 4), random.Next());
        return (x, y) =>
        {
            var (across, along) = (Wave(frequency * (cosine * x + sine * y) + phase), Wave(frequency * (cosine * y - sine * x)));
            // Towards 1 where both are high or both are low: a chequerboard whose fields end sharply.
            return Smooth(Math.Clamp(0.5 + 8 * (across - 0.5) * (along - 0.5), 0, 1));
        };
    }

    // From 0 up to 1 and back in one period of length 1.
    private static double Wave(double position) => 2 * Math.Abs(position - Math.Floor(position) - 0.5);

    private static double Smooth(double share) => share * share * (3 - 2 * share);
}
