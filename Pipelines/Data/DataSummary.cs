namespace MLPipelines.Pipelines;

/// <summary>What a data set holds, so that nothing is lost silently: <see cref="Read"/> = <see cref="Used"/> + <see cref="Skipped"/>.</summary>
/// <param name="Format">How the data set is stored.</param>
/// <param name="Labels">The labels, in order.</param>
/// <param name="Parts">Each part of the data set and its number of used items; one part without a name where there are none.</param>
/// <param name="CountPerLabel">The number of used items of each label, in the order of <paramref name="Labels"/>.</param>
/// <param name="Unlabelled">The number of used items without a label.</param>
/// <param name="Used">The number of items that can be used.</param>
/// <param name="Skipped">The items that were left out, and why.</param>
public sealed record DataSummary(
    DatasetFormat Format,
    IReadOnlyList<string> Labels,
    IReadOnlyList<PartCount> Parts,
    IReadOnlyList<int> CountPerLabel,
    int Unlabelled,
    int Used,
    IReadOnlyList<SkippedItem> Skipped)
{
    /// <summary>The used items that something should be known of; only images that were decoded are among them.</summary>
    public IReadOnlyList<NotedItem> Noted { get; init; } = [];

    /// <summary>The number of items met: used and skipped.</summary>
    public int Read => Used + Skipped.Count;
}

/// <summary>The number of items in a part of a data set.</summary>
/// <param name="Part">The part's name; empty where the data set has no parts.</param>
/// <param name="Items">How many items it has.</param>
public sealed record PartCount(string Part, int Items);
