using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>How a data set is stored.</summary>
public enum DatasetFormat
{
    /// <summary>Sub-folders named after the classes, images inside, at any depth.</summary>
    Folder,

    /// <summary>A CSV or TSV file that lists image paths and labels.</summary>
    List,

    /// <summary>MNIST's format: <c>*-images-idx3-ubyte</c> and <c>*-labels-idx1-ubyte</c>, also <c>.gz</c>.</summary>
    Idx,

    /// <summary>Items made by the caller.</summary>
    Memory,
}

/// <summary>What decides the order of the labels, and with it what each score of a model means.</summary>
public enum LabelOrder
{
    /// <summary>Ordinal order of the names (upper case before lower case), so that it is the same on every machine and for every order of the rows.
    /// The labels of IDX files are class numbers and keep their numeric order.</summary>
    ByName,

    /// <summary>The order in which the labels are first met in the data.</summary>
    AsMet,
}

/// <summary>What to do with an item that cannot be used: a missing file, a broken image, no label or an unknown one.</summary>
public enum BadItemPolicy
{
    /// <summary>Stop at the first one, with an <see cref="InvalidDataException"/>.</summary>
    Fail,

    /// <summary>Leave it out, and keep its name and the reason in <see cref="DataSummary.Skipped"/>.</summary>
    Skip,

    /// <summary>As <see cref="Skip"/>, and write the list to <see cref="ImageDatasetOptions.QuarantineFile"/>.</summary>
    Quarantine,
}

/// <summary>How a data set is to be read; the defaults fit training.</summary>
public sealed record ImageDatasetOptions
{
    /// <summary>The format; null (the default) finds it out.</summary>
    public DatasetFormat? Format { get; init; }

    /// <summary>The part to read, such as <c>train</c> or <c>test</c>; null or <c>all</c> reads every part.</summary>
    public string? Part { get; init; }

    /// <summary>The labels in the model's order; an item with another label is a bad item. Null: the data's own labels in <see cref="LabelOrder"/>.
    /// For IDX files the names of classes 0, 1, ….</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The order of the labels where <see cref="Labels"/> does not give it.</summary>
    public LabelOrder LabelOrder { get; init; } = LabelOrder.ByName;

    /// <summary>Whether an item without a label is a bad item (the default), or is read with the label null.</summary>
    public bool RequireLabels { get; init; } = true;

    /// <summary>List files: the folder that paths are relative to; null is the folder of the list.</summary>
    public string? ImagesRoot { get; init; }

    /// <summary>List files: the column of the paths; null finds <c>path</c>, <c>file</c>, <c>filename</c> or <c>image</c>, else takes the
    /// first column.</summary>
    public string? PathColumn { get; init; }

    /// <summary>List files: the column of the labels; null finds <c>label</c> or <c>class</c>, else takes the second column.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>List files: whether the first line names the columns; null finds out (see docs/data.md).</summary>
    public bool? HasHeader { get; init; }

    /// <summary>What to do with an item that cannot be used.</summary>
    public BadItemPolicy OnBadItem { get; init; } = BadItemPolicy.Fail;

    /// <summary>Which damaged images are items that cannot be used; by default those of which pixels are missing. What else is damaged is used, and
    /// noted in <see cref="DataSummary.Noted"/>.</summary>
    public DamagePolicy OnDamage { get; init; } = DamagePolicy.Tolerate;

    /// <summary>The CSV file (<c>id,reason</c>) that <see cref="BadItemPolicy.Quarantine"/> writes.</summary>
    public string? QuarantineFile { get; init; }
}
