namespace MLPipelines.Pipelines;

/// <summary>Where a shape is in the image, and how it is turned, mirrored, seen at a slant, and uneven as if drawn by hand.</summary>
/// <remarks>In units of the image's side: 0 to 1 from left to right and from top to bottom.</remarks>
internal sealed class GlyphPose
{
    private readonly (double X, double Y, double PhaseX, double PhaseY) unevenness;
    private readonly (double Sine, double Cosine) turn, slantAxis;
    private readonly double slant;
    private readonly bool mirrored;

    /// <summary>A random pose; upright, central and even at difficulty 0.</summary>
    public GlyphPose(double difficulty, SampleRandom random)
    {
        turn = Math.SinCos(random.Between(-1, 1) * difficulty * Math.PI * 2 / 3);
        mirrored = random.Next() < difficulty;
        Radius = 0.4 * (1 - random.Between(-0.25, 1) * 0.5 * difficulty);
        // Small shapes lie anywhere; a large one may be cut off a little by the frame.
        var room = Math.Min(1, 2 * difficulty) * (0.5 - 0.75 * Radius);
        (CentreX, CentreY) = (0.5 + random.Between(-1, 1) * room, 0.5 + random.Between(-1, 1) * room);
        slantAxis = Math.SinCos(random.Between(0, Math.PI));
        slant = 1 - random.Next() * 0.4 * difficulty;
        unevenness = (random.Between(0, 0.1) * difficulty, random.Between(0, 0.1) * difficulty, random.Between(0, 2 * Math.PI), random.Between(0, 2 * Math.PI));
    }

    public double CentreX { get; }

    public double CentreY { get; }

    /// <summary>How far the shape's radius of 1 reaches.</summary>
    public double Radius { get; }

    /// <summary>The shape in this pose.</summary>
    public Distance Place(Distance shape) => (x, y) =>
    {
        var (offX, offY) = ((x - CentreX) / Radius, (y - CentreY) / Radius);
        // Along the slant's axis the shape is narrower.
        var along = (offX * slantAxis.Cosine + offY * slantAxis.Sine) * (1 / slant - 1);
        (offX, offY) = (offX + along * slantAxis.Cosine, offY + along * slantAxis.Sine);
        (offX, offY) = (turn.Cosine * offX + turn.Sine * offY, turn.Cosine * offY - turn.Sine * offX);
        (offX, offY) = (offX + unevenness.X * Math.Sin(2.5 * offY + unevenness.PhaseX), offY + unevenness.Y * Math.Sin(2.5 * offX + unevenness.PhaseY));
        return Radius * shape(mirrored ? -offX : offX, offY);
    };
}
