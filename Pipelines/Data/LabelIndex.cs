namespace MLPipelines.Pipelines;

/// <summary>Finds the class number of a label: the same name, else the one class that has it among its synonyms (<c>teddy bear</c> in
/// <c>teddy, teddy bear</c>).</summary>
internal sealed class LabelIndex
{
    private readonly IReadOnlyList<string> labels;
    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> bySynonym = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">A label is empty or given twice.</exception>
    public LabelIndex(IReadOnlyList<string> labels)
    {
        this.labels = labels;
        for (var i = 0; i < labels.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(labels[i])) throw new ArgumentException($"Label {i} of {labels.Count} is empty; every class needs a name.");
            if (!byName.TryAdd(labels[i], i))
                throw new ArgumentException($"The label '{labels[i]}' is given twice, as classes {byName[labels[i]]} and {i}.");
            var synonyms = labels[i].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var synonym in synonyms.Distinct(StringComparer.OrdinalIgnoreCase))
                bySynonym[synonym] = bySynonym.ContainsKey(synonym) ? Ambiguous : i;
        }
    }

    private const int Ambiguous = -1;

    /// <summary>The label's class number, or −1 where no class, or no single class, has that name.</summary>
    public int Find(string label) => byName.TryGetValue(label, out var index) || bySynonym.TryGetValue(label, out index) ? index : -1;

    /// <summary>Says which labels there are, for an error.</summary>
    public string Listed() => labels.Count <= 12 ? string.Join(", ", labels) : $"{string.Join(", ", labels.Take(10))}, … ({labels.Count} in all)";
}
