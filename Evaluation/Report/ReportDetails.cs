using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>What the report says beside the evaluation itself: names, pictures, warnings, what was used.</summary>
public sealed record ReportDetails
{
    /// <summary>The heading, by custom the model’s name.</summary>
    public string Title { get; init; } = "Image classifier";

    /// <summary>The line under the heading, by custom the data’s name and part. Default: none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>The same rows as they were before temperature scaling, to show both in the calibration section. Default: none.</summary>
    public TemperatureComparison? Calibration { get; init; }

    /// <summary>
    /// The picture of the row with this id, encoded as PNG, JPEG, GIF, WebP or BMP; null where there is none. Called once for each
    /// listed mistake. Default: no pictures.
    /// </summary>
    public Func<string, byte[]?>? Thumbnails { get; init; }

    /// <summary>A picture of more bytes than this is not embedded, but named as too large. Default: 262,144.</summary>
    public int MaximumThumbnailBytes { get; init; } = 262_144;

    /// <summary>Images that the reader of the data skipped, so that they never were rows. Default: 0.</summary>
    public long SkippedImages { get; init; }

    /// <summary>Whether the table of classes starts with the worst F1 (the default) or has the order of the model’s labels.</summary>
    public bool WorstClassesFirst { get; init; } = true;

    /// <summary>How the model was trained, for the sections of the training. Default: none.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>What the reader of the report must know, one sentence each; shown at the top.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was used: model, preprocessing, data, engine, versions, seed, command.</summary>
    public IReadOnlyList<ReportGroup> Used { get; init; } = [];

    /// <summary>When the report was made, for its footer. Default: not said, so that equal input gives an equal file.</summary>
    public DateTimeOffset? GeneratedAt { get; init; }
}

/// <summary>The evaluation of the same rows before temperature scaling, and the temperature that came between.</summary>
/// <param name="Temperature">What the logits were divided by; above 1 it makes the model less sure.</param>
/// <param name="Before">The rows as they were at temperature 1.</param>
public sealed record TemperatureComparison(double Temperature, ClassificationEvaluation Before);

/// <summary>A group of facts about what was used, such as all about the data.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Facts">Its lines.</param>
public sealed record ReportGroup(string Name, IReadOnlyList<ReportFact> Facts);

/// <summary>One line of a group.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it was; shown as text.</param>
/// <param name="IsCode">Whether it is set as code: a command, a hash, a path.</param>
public sealed record ReportFact(string Name, string Value, bool IsCode = false);
