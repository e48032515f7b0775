namespace MLPipelines.Pipelines;

/// <summary>A colour, its channels from 0 to 1.</summary>
internal readonly record struct Rgb(double Red, double Green, double Blue)
{
    /// <summary>A random hue of the given brightness: HSV with a saturation of up to 0.6.</summary>
    public static Rgb Random(SampleRandom random, double brightness)
    {
        var (hue, saturation) = (random.Between(0, 6), random.Between(0, 0.6));
        return new Rgb(Channel(5), Channel(3), Channel(1));

        double Channel(double n) => brightness * (1 - saturation * Math.Clamp(Math.Min((n + hue) % 6, 4 - (n + hue) % 6), 0, 1));
    }

    /// <summary>This colour at share 0, the other at 1.</summary>
    public Rgb Towards(Rgb other, double share) =>
        new(Red + share * (other.Red - Red), Green + share * (other.Green - Green), Blue + share * (other.Blue - Blue));
}
