namespace MLPipelines.Transforms;

/// <summary>How a temperature is searched.</summary>
public sealed record TemperatureFitOptions
{
    /// <summary>The smallest temperature to consider; positive.</summary>
    public double LowestTemperature { get; init; } = 0.01;

    /// <summary>The largest temperature to consider.</summary>
    public double HighestTemperature { get; init; } = 100;

    /// <summary>Threads to use; null: all cores. The result does not depend on it, to the last bit.</summary>
    public int? Threads { get; init; }
}
