namespace MLPipelines.Learning;

/// <summary>Everything a training can tell of itself afterwards.</summary>
public sealed record TrainingHistory
{
    /// <summary>The version of the JSON form that this program writes and the newest that it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The version of the JSON form.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>How many weights were learnt.</summary>
    public required int ParameterCount { get; init; }

    /// <summary>The class names, in the order of the confusion counts.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The settings of the training, as text, by name; in the order in which they are shown. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The name of the metric by which the best epoch was chosen; see <see cref="TrainingMetric.Parse"/>.</summary>
    public required string Monitor { get; init; }

    /// <summary>Whether a higher value of <see cref="Monitor"/> is the better one.</summary>
    public required bool MonitorHigherIsBetter { get; init; }

    /// <summary>The epochs, in order.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The stretches of batches, in order; empty where none were recorded, which is the default.</summary>
    public IReadOnlyList<BatchRecord> Batches { get; init; } = [];

    /// <summary>The <see cref="EpochRecord.Epoch"/> with the best value of <see cref="Monitor"/>; null where no epoch has one.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Why it ended; null while it goes on, as in a checkpoint.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>The end in a sentence, such as which metric stood still for how long; null where there is nothing to add.</summary>
    public string? StopDetail { get; init; }
}
