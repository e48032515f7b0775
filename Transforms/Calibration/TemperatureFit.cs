namespace MLPipelines.Transforms;

/// <summary>What a softmax is given.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<SoftmaxInput>))]
public enum SoftmaxInput
{
    /// <summary>Any numbers; only their differences matter.</summary>
    Logits,

    /// <summary>Numbers from 0 to 1; their logarithms are the logits.</summary>
    Probabilities,
}

/// <summary>Whether a fitted temperature lies at the end of the range that was searched.</summary>
public enum TemperatureBound
{
    /// <summary>Within the range: a true minimum.</summary>
    None,

    /// <summary>The smallest temperature allowed: the loss still falls, as it does when the true class always has the highest score.</summary>
    Lowest,

    /// <summary>The largest temperature allowed: the scores say less than nothing about the labels.</summary>
    Highest,
}

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

/// <summary>A temperature and how it was found.</summary>
/// <param name="Temperature">The temperature of least loss. Above 1 the model was too sure of itself, below 1 not sure enough.</param>
/// <param name="LossBefore">Mean negative log likelihood of the true classes at temperature 1, in nats, weighted.</param>
/// <param name="LossAfter">The same at <paramref name="Temperature"/>.</param>
/// <param name="RowsUsed">Rows that took part.</param>
/// <param name="RowsIgnored">
/// Rows that could not: no label, weight 0, a score that is NaN or +∞, no finite score, or −∞ as the score of the true class.
/// </param>
/// <param name="Iterations">How often the loss was evaluated over all rows.</param>
/// <param name="AtBound">Whether <paramref name="Temperature"/> is the end of the range and not a minimum.</param>
public sealed record TemperatureFit(
    double Temperature, double LossBefore, double LossAfter, long RowsUsed, long RowsIgnored, int Iterations, TemperatureBound AtBound);
