using static System.FormattableString;

namespace MLPipelines.Transforms;

/// <summary>A temperature and how it was found.</summary>
/// <param name="Temperature">
/// The temperature of least loss; where <paramref name="AtBound"/> says that there is none, what was taken instead. Above 1 the model was
/// too sure of itself, below 1 not sure enough.
/// </param>
/// <param name="LossBefore">Mean negative log likelihood of the true classes at temperature 1, in nats, weighted.</param>
/// <param name="LossAfter">The same at <paramref name="Temperature"/>.</param>
/// <param name="RowsUsed">Rows that took part.</param>
/// <param name="RowsCorrect">Rows among them whose true class has the highest score, alone or with others.</param>
/// <param name="RowsIgnored">
/// Rows that could not: no label, weight 0, a score that is NaN or +∞, no finite score, or −∞ as the score of the true class.
/// </param>
/// <param name="Iterations">How often the loss was evaluated over all rows.</param>
/// <param name="AtBound">Whether the loss has no minimum within the range.</param>
/// <param name="AreProbabilities">Whether scores that were said to be logits are probabilities in every row.</param>
public sealed record TemperatureFit(
    double Temperature, double LossBefore, double LossAfter, long RowsUsed, long RowsCorrect, long RowsIgnored, int Iterations,
    TemperatureBound AtBound, bool AreProbabilities)
{
    // Only wrong rows hold a temperature up. From w of them it is known to about 1/√w of itself, a third here.
    private const int FewestWrongRows = 10;

    private const string WayOut =
        "The rows that a classifier was trained on look like this; fit the temperature on others, as "
        + "mlContext.MulticlassClassification.Trainers.Calibrated(classifier) does.";

    /// <summary>Why the temperature should not be relied on, and what to do; null where nothing speaks against it.</summary>
    public string? Warning => this switch
    {
        { AreProbabilities: true } =>
            "The scores are probabilities in every row and were said to be logits, so that a softmax follows a softmax. Say "
            + $"{nameof(SoftmaxInput)}.{nameof(SoftmaxInput.Probabilities)}.",
        { AtBound: TemperatureBound.Lowest } => Invariant(
            $"No temperature is best: {RowsCorrect} of {RowsUsed} rows have their true class on top, and the loss falls with the temperature. ")
            + Invariant($"It stays at {Temperature}. {WayOut}"),
        { AtBound: TemperatureBound.Highest } => Invariant(
            $"The loss falls up to the highest temperature allowed, {Temperature}: the scores say less about the labels than a guess. ")
            + "Are the classes of the labels in the order of the scores?",
        { Temperature: < 1 } when RowsUsed - RowsCorrect < FewestWrongRows => Invariant(
            $"A temperature of {Temperature:0.###} sharpens on the evidence of {RowsUsed - RowsCorrect} wrong rows of {RowsUsed}. {WayOut}"),
        _ => null,
    };
}
