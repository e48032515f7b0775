using CsvHelper;
using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>An item that was not used, and why.</summary>
/// <param name="Id">The item's name.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Part">The part of the data set that it belongs to, or null where there are no parts.</param>
public sealed record SkippedItem(string Id, string Reason, string? Part = null);

/// <summary>An item that was used, and what should be known of it.</summary>
/// <param name="Id">The item's name.</param>
/// <param name="Note">Damage that did no harm, or that its content may not mean what it was taken for.</param>
public sealed record NotedItem(string Id, ImageNote Note);

/// <summary>Applies a <see cref="BadItemPolicy"/>: every bad item of a data set passes through here, whether it turned up in opening,
/// training or scoring.</summary>
/// <remarks>Safe to use from several threads. An item reported twice is kept once. Keeps the notes on items that are used, too.</remarks>
internal sealed class BadItems
{
    private readonly BadItemPolicy policy;
    private readonly string? quarantineFile;
    private readonly Lock gate = new();
    private readonly List<SkippedItem> skipped = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ImageNote> notes = new(StringComparer.Ordinal);

    public BadItems(BadItemPolicy policy, string? quarantineFile, DamagePolicy damage)
    {
        if (policy == BadItemPolicy.Quarantine && string.IsNullOrWhiteSpace(quarantineFile))
            throw new ArgumentException(
                $"{nameof(BadItemPolicy)}.{nameof(BadItemPolicy.Quarantine)} needs {nameof(ImageDatasetOptions.QuarantineFile)}, the file to list "
                + "bad items in.");
        this.policy = policy;
        this.quarantineFile = quarantineFile;
        Damage = damage;
    }

    /// <summary>Which damaged images are bad items.</summary>
    public DamagePolicy Damage { get; }

    /// <summary>The notes on items that were used so far, in ordinal order of their names.</summary>
    public IReadOnlyList<NotedItem> Noted
    {
        get { lock (gate) return [.. notes.Select(pair => new NotedItem(pair.Key, pair.Value))]; }
    }

    /// <summary>Keeps a note on an item that is used; null is none.</summary>
    public void Note(string id, ImageNote? note)
    {
        if (note is null) return;
        lock (gate) notes[id] = note;
    }

    /// <summary>The items left out so far, in ordinal order of their names.</summary>
    public IReadOnlyList<SkippedItem> Skipped
    {
        get { lock (gate) return [.. skipped.OrderBy(item => item.Id, StringComparer.Ordinal)]; }
    }

    /// <summary>Whether the item was reported before.</summary>
    public bool Holds(string id)
    {
        lock (gate) return ids.Contains(id);
    }

    /// <summary>Leaves the item out, or throws where the policy is <see cref="BadItemPolicy.Fail"/>.</summary>
    public void Report(string id, string? part, string reason, Exception? cause = null)
    {
        if (policy == BadItemPolicy.Fail)
        {
            throw new InvalidDataException(
                $"Item '{id}': {reason} To leave out such items and list them, set {nameof(ImageDatasetOptions.OnBadItem)} to {BadItemPolicy.Skip} "
                + $"or {BadItemPolicy.Quarantine} (mlp: --on-error skip).",
                cause);
        }
        lock (gate)
        {
            if (ids.Add(id)) skipped.Add(new SkippedItem(id, reason, part));
        }
    }

    /// <summary>The error where nothing is left to learn from.</summary>
    /// <param name="dataset">The data set's name.</param>
    public InvalidDataException NoneLeft(string dataset)
    {
        var all = Skipped;
        return new InvalidDataException($"No image of '{dataset}' can be decoded; {all.Count:N0} were left out, the first is '{all[0].Id}': {all[0].Reason}");
    }

    /// <summary>Writes the quarantine file anew where the policy asks for one.</summary>
    public void WriteQuarantine()
    {
        if (policy != BadItemPolicy.Quarantine) return;
        var items = Skipped;
        lock (gate)
        {
            using var writer = CsvWriter.ToFile(quarantineFile!);
            writer.WriteRecord("id", "reason");
            foreach (var item in items) writer.WriteRecord(item.Id, item.Reason);
        }
    }
}
