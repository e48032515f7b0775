namespace MLPipelines.Evaluation;

/// <summary>What the scores of each used row come to, read once; all arrays run over the used rows.</summary>
internal sealed class RowOutcomes
{
    /// <summary>ε of scikit-learn’s log_loss for double: 2⁻⁵².</summary>
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>How far the scores of a row may sum to other than 1, as in files with few decimals.</summary>
    private const double SumSlack = 0.01;

    public RowOutcomes(ScoredRows rows)
    {
        Rows = [.. Enumerable.Range(0, rows.Count).Where(row => rows.State(row) == RowState.Used)];
        Truth = new int[Rows.Length];
        Predicted = new int[Rows.Length];
        Rank = new int[Rows.Length];
        Right = new bool[Rows.Length];
        Weight = new double[Rows.Length];
        Confidence = new double[Rows.Length];
        Loss = new double[Rows.Length];
        SquaredError = new double[Rows.Length];
        Sum = new double[Rows.Length];
        IsProbability = new bool[Rows.Length];

        // Every row writes only its own places: the result does not depend on the number of threads.
        const int step = 1024;
        Parallel.For(0, (Rows.Length + step - 1) / step, block =>
        {
            for (var at = block * step; at < Math.Min(Rows.Length, (block + 1) * step); at++)
                Read(rows, at);
        });
    }

    /// <summary>The index in the scored rows.</summary>
    public int[] Rows { get; }

    public int[] Truth { get; }

    public int[] Predicted { get; }

    /// <summary>How many classes come before the true one, from 0.</summary>
    public int[] Rank { get; }

    public bool[] Right { get; }

    public double[] Weight { get; }

    /// <summary>The highest score.</summary>
    public double[] Confidence { get; }

    /// <summary>−ln p̂(true class), clipped and normalised as scikit-learn does.</summary>
    public double[] Loss { get; }

    public double[] SquaredError { get; }

    /// <summary>The sum of the scores.</summary>
    public double[] Sum { get; }

    /// <summary>Whether every score lies in 0 to 1 and they sum to 1, but for rounding.</summary>
    public bool[] IsProbability { get; }

    private void Read(ScoredRows rows, int at)
    {
        var row = Rows[at];
        var scores = rows.Scores(row);
        var truth = rows.Label(row);
        var ofTruth = scores[truth];
        var best = 0;
        var rank = 0;
        double sum = 0, clippedSum = 0, squares = 0;
        var lowest = double.PositiveInfinity;
        for (var c = 0; c < scores.Length; c++)
        {
            var score = scores[c];
            if (score > scores[best])
                best = c;
            if (score > ofTruth || (score == ofTruth && c < truth))
                rank++;
            lowest = Math.Min(lowest, score);
            sum += score;
            clippedSum += Math.Clamp(score, Epsilon, 1 - Epsilon);
            var error = c == truth ? score - 1 : score;
            squares += error * error;
        }

        Truth[at] = truth;
        Predicted[at] = best;
        Rank[at] = rank;
        Right[at] = best == truth;
        Weight[at] = rows.Weight(row);
        Confidence[at] = scores[best];
        Loss[at] = -Math.Log(Math.Clamp(ofTruth, Epsilon, 1 - Epsilon) / clippedSum);
        SquaredError[at] = squares;
        Sum[at] = sum;
        IsProbability[at] = lowest >= -Calibration.Slack && scores[best] <= 1 + Calibration.Slack && Math.Abs(sum - 1) <= SumSlack;
    }
}
