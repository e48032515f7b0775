namespace MLPipelines.Evaluation;

/// <summary>A sum that keeps what rounding would lose, so that a million terms in any order agree to about the last digit.</summary>
/// <remarks>Neumaier 1974, “Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen”.</remarks>
internal struct CompensatedSum
{
    private double sum;
    private double lost;

    public readonly double Value => sum + lost;

    public void Add(double term)
    {
        var next = sum + term;
        lost += Math.Abs(sum) >= Math.Abs(term) ? sum - next + term : term - next + sum;
        sum = next;
    }
}
