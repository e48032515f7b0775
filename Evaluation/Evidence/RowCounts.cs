namespace MLPipelines.Evaluation;

/// <summary>What an evaluation could do with a row. A row that fails twice has the first of the states below that fits.</summary>
public enum RowState
{
    /// <summary>The truth is a class of the model and every score is finite: the row is in every metric.</summary>
    Used,

    /// <summary>The row has no label.</summary>
    MissingLabel,

    /// <summary>The row has a label, but the model has no class of that name.</summary>
    UnknownLabel,

    /// <summary>A score is NaN or infinite.</summary>
    InvalidScores,
}

/// <summary>What became of the rows that were read; nothing is dropped without being counted here.</summary>
/// <param name="Used">Rows that are in the metrics.</param>
/// <param name="UnknownLabel">Rows whose label is no class of the model; left out of the metrics.</param>
/// <param name="MissingLabel">Rows without a label; left out of the metrics.</param>
/// <param name="InvalidScores">Rows with a NaN or infinite score; left out of the metrics.</param>
public sealed record RowCounts(long Used, long UnknownLabel, long MissingLabel, long InvalidScores)
{
    /// <summary>All rows that were read: the sum of the four.</summary>
    public long Read => Used + UnknownLabel + MissingLabel + InvalidScores;
}
