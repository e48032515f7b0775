namespace MLPipelines.Transforms;

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
