namespace MLPipelines.Pipelines;

/// <summary>A list of images with their labels, from wherever they come: an image folder, a CSV or TSV list, IDX files, or memory.</summary>
/// <remarks>
/// Opening reads names, not images; the images are read when they are used, and no file stays open. Every item that cannot be used is
/// refused or listed
/// (<see cref="ImageDatasetOptions.OnBadItem"/>), so that read = used + skipped. See docs/data.md.
/// </remarks>
public sealed class ImageDataset
{
    private readonly LabelIndex index;
    private readonly IReadOnlyList<SkippedItem> skippedAtOpening;

    private ImageDataset(
        string name,
        DatasetFormat format,
        IReadOnlyList<ImageItem> items,
        IReadOnlyList<string> labels,
        BadItems bad,
        IReadOnlyList<SkippedItem> skippedAtOpening)
    {
        Name = name;
        Format = format;
        Items = items;
        Labels = labels;
        Bad = bad;
        this.skippedAtOpening = skippedAtOpening;
        index = new LabelIndex(labels);
    }

    /// <summary>Where the data come from: the path as given, with the part in brackets.</summary>
    public string Name { get; }

    /// <summary>How the data set is stored.</summary>
    public DatasetFormat Format { get; }

    /// <summary>The items, in ordinal order of their ids (folders) or in the order of the file.</summary>
    public IReadOnlyList<ImageItem> Items { get; }

    /// <summary>The labels in the model's order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The parts of the data set, in the order met; empty where it has none.</summary>
    public IReadOnlyList<string> Parts => [.. Items.Select(item => item.Part).OfType<string>().Distinct(StringComparer.Ordinal)];

    internal BadItems Bad { get; }

    /// <summary>Counts per part and label, and the items that were left out, as of now: training and scoring add those whose image is
    /// broken.</summary>
    public DataSummary Summary()
    {
        var (used, broken) = (new List<ImageItem>(Items.Count), new HashSet<string>(StringComparer.Ordinal));
        var counts = new int[Labels.Count];
        foreach (var item in Items)
        {
            if (Bad.Holds(item.Id))
            {
                broken.Add(item.Id);
                continue;
            }
            used.Add(item);
            if (item.Label is not null) counts[LabelNumber(item)]++;
        }
        return new DataSummary(
            Format,
            Labels,
            [.. used.GroupBy(item => item.Part ?? "", StringComparer.Ordinal).Select(group => new PartCount(group.Key, group.Count()))],
            counts,
            used.Count(item => item.Label is null),
            used.Count,
            [.. skippedAtOpening.Concat(Bad.Skipped.Where(item => broken.Contains(item.Id))).OrderBy(item => item.Id, StringComparer.Ordinal)])
        {
            Noted = Bad.Noted is { Count: > 0 } noted ? [.. noted.IntersectBy(used.Select(item => item.Id), item => item.Id)] : [],
        };
    }

    /// <summary>The class number of an item's label in <see cref="Labels"/>, or −1 where it has none.</summary>
    public int LabelNumber(ImageItem item) => item.Label is null ? -1 : index.Find(item.Label);

    /// <summary>Opens a data set and finds out its format: a folder with one sub-folder per class, a CSV or TSV list (or a folder with
    /// one), or IDX files.</summary>
    /// <param name="path">A folder, a list file, or an IDX file of images.</param>
    /// <param name="options">How to read it; the defaults fit training.</param>
    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>.</exception>
    /// <exception cref="InvalidDataException">The data are not in a known format, or have a bad item and the policy is to fail.</exception>
    /// <exception cref="NotSupportedException">The path is an archive.</exception>
    public static ImageDataset Open(string path, ImageDatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new ImageDatasetOptions();
        var bad = new BadItems(options.OnBadItem, options.QuarantineFile, options.OnDamage);
        var source = DatasetSource.Find(path, options.Format);
        IReadOnlyList<string>? labels = options.Labels;
        List<ImageItem> items;
        switch (source.Format)
        {
            case DatasetFormat.Idx:
                (items, labels) = IdxReader.Read(source.Files, options, bad);
                break;
            case DatasetFormat.List:
                items = [.. source.Files.SelectMany(file => ImageListReader.Read(file, source.PartOf(file), options, bad))];
                break;
            default:
                items = ImageFolderReader.Read(path, options);
                break;
        }
        return Of(path, source.Format, items, labels, options, bad);
    }

    /// <summary>A data set of items that the caller made, for example from a database.</summary>
    /// <param name="name">What the data set is called in errors and reports.</param>
    /// <param name="items">The items; their ids must differ.</param>
    /// <param name="options">Labels, part and policy; what concerns files is not used.</param>
    /// <exception cref="ArgumentException">Two items have the same id.</exception>
    public static ImageDataset Of(string name, IEnumerable<ImageItem> items, ImageDatasetOptions? options = null)
    {
        options ??= new ImageDatasetOptions();
        var list = items.ToList();
        if (list.CountBy(item => item.Id, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: { } id, Value: var count })
            throw new ArgumentException($"Data set '{name}' has {count} items with the id '{id}'; ids must differ.", nameof(items));
        return Of(name, DatasetFormat.Memory, list, options.Labels, options, new BadItems(options.OnBadItem, options.QuarantineFile, options.OnDamage));
    }

    /// <summary>The part that models learn from: <c>train</c>, or everything where there are no parts.</summary>
    /// <exception cref="InvalidDataException">There are parts, and none is for training.</exception>
    public ImageDataset ForTraining() => Parts.Count == 0 || Parts is [DatasetParts.Train] ? this : Part(DatasetParts.Train);

    /// <summary>The part that models are judged by: <c>test</c>, else <c>validation</c>, else the only part; everything where there are no
    /// parts.</summary>
    public ImageDataset ForEvaluation() =>
        Parts.Count <= 1 ? this
        : Part(Parts.Contains(DatasetParts.Test) || !Parts.Contains(DatasetParts.Validation) ? DatasetParts.Test : DatasetParts.Validation);

    /// <summary>One part of the data set, with the labels of the whole; <see cref="DatasetParts.All"/> is the data set itself.</summary>
    /// <exception cref="InvalidDataException">There is no such part.</exception>
    public ImageDataset Part(string part)
    {
        var name = DatasetParts.Named(part) ?? part;
        if (name == DatasetParts.All) return this;
        return Parts.Contains(name, StringComparer.Ordinal)
            ? new ImageDataset(
                $"{Name} [{name}]",
                Format,
                [.. Items.Where(item => item.Part == name)],
                Labels,
                Bad,
                [.. skippedAtOpening.Where(item => item.Part == name)])
            : throw new InvalidDataException(
                $"'{Name}' has no part '{part}'; it has {(Parts.Count == 0 ? "no parts" : $"the parts {string.Join(", ", Parts)}")}. "
                + "Parts are sub-folders train/ and test/, files train.csv and test.csv, or IDX files train-* and t10k-*; "
                + $"{nameof(ImageDatasetOptions.Part)} chooses one, '{DatasetParts.All}' takes everything.");
    }

    /// <summary>Some of the items, with the same labels and policy. What was left out at opening is none of theirs.</summary>
    internal ImageDataset Subset(string name, IReadOnlyList<ImageItem> items) => new(name, Format, items, Labels, Bad, []);

    private static ImageDataset Of(
        string name, DatasetFormat format, List<ImageItem> items, IReadOnlyList<string>? labels, ImageDatasetOptions options, BadItems bad)
    {
        labels ??= LabelsOf(items, options.LabelOrder);
        var index = new LabelIndex(labels);
        var used = new List<ImageItem>(items.Count);
        var partOf = new Dictionary<string, string?>(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (!partOf.TryAdd(item.Id, item.Part))
                bad.Report($"{item.Id} [{item.Part}]", item.Part, $"'{item.Id}' is in part '{partOf[item.Id]}' as well.");
            else if (item.Label is null && options.RequireLabels) bad.Report(item.Id, item.Part, "It has no label.");
            else if (item.Label is not null && index.Find(item.Label) < 0)
                bad.Report(item.Id, item.Part, $"Its label '{item.Label}' is not one of: {index.Listed()}.");
            else used.Add(item);
        }
        bad.WriteQuarantine();
        if (used.Count == 0)
        {
            throw new InvalidDataException(bad.Skipped.Count == 0
                ? $"'{name}' holds no items."
                : $"'{name}' holds no item that can be used; {bad.Skipped.Count} were left out, the first is '{bad.Skipped[0].Id}': "
                    + $"{bad.Skipped[0].Reason}");
        }
        var whole = new ImageDataset(name, format, used, labels, bad, bad.Skipped);
        return options.Part is null ? whole : whole.Part(options.Part);
    }

    private static string[] LabelsOf(List<ImageItem> items, LabelOrder order)
    {
        var met = items.Select(item => item.Label).OfType<string>().Distinct(StringComparer.Ordinal);
        return order == LabelOrder.AsMet ? [.. met] : [.. met.Order(StringComparer.Ordinal)];
    }
}
