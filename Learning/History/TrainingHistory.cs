using System.Text;

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

    /// <summary>Reads the JSON form, which docs/history.md tells.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <exception cref="InvalidDataException">It is not of this form, contradicts itself, or is of a newer version; the message says where.</exception>
    public static TrainingHistory Parse(string json, string source = "The training history") => Parse(Encoding.UTF8.GetBytes(json), source);

    /// <summary>Reads the JSON form from UTF-8, as a bundle holds it.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="source">Where they come from, for errors.</param>
    /// <exception cref="InvalidDataException">See <see cref="Parse(string, string)"/>.</exception>
    public static TrainingHistory Parse(ReadOnlySpan<byte> json, string source = "The training history") => TrainingHistoryJson.Read(json, source);

    /// <summary>Reads a file in the JSON form.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">See <see cref="Parse(string, string)"/>.</exception>
    public static TrainingHistory Read(string path) => File.Exists(path)
        ? Parse(File.ReadAllBytes(path), $"'{path}'")
        : throw new FileNotFoundException($"There is no file '{path}'; a training history (JSON) was expected.", path);

    /// <summary>The JSON form, which <see cref="Parse(string, string)"/> reads back to the same, digit for digit.</summary>
    /// <exception cref="ArgumentException">It contradicts itself; see <see cref="Validate"/>.</exception>
    public string ToJson() => Encoding.UTF8.GetString(ToUtf8Json());

    /// <summary>The JSON form as UTF-8, for a file or a bundle.</summary>
    /// <exception cref="ArgumentException">It contradicts itself; see <see cref="Validate"/>.</exception>
    public byte[] ToUtf8Json()
    {
        Validate();
        return TrainingHistoryJson.Write(this);
    }

    /// <summary>Returns where labels, epochs and counts fit together.</summary>
    /// <exception cref="ArgumentException">They do not; the message says where.</exception>
    public void Validate()
    {
        CheckLabels();
        if (Monitor.Length > 0)
            TrainingMetric.Parse(Monitor, Labels);
        foreach (var (name, value) in Settings)
        {
            if (value is null)
                throw new ArgumentException($"settings.{name} is null; every setting has a text.");
        }

        foreach (var (index, epoch) in Epochs.Index())
        {
            var place = $"epochs[{index}]";
            if (epoch is null)
                throw new ArgumentException($"{place} is null; every epoch has a record.");
            var before = index > 0 ? Epochs[index - 1].Epoch : 0;
            if (epoch.Epoch <= before)
                throw new ArgumentException($"{place} is epoch {epoch.Epoch}{(index > 0 ? $" after epoch {before}" : "")}; epochs begin with 1 and ascend.");
            CheckClasses($"{place}.training.confusion", epoch.Training.Confusion.ClassCount);
            CheckClasses($"{place}.validation.confusion", epoch.Validation?.Confusion.ClassCount);
            CheckClasses($"{place}.classWeights", epoch.ClassWeights?.Count);
        }

        foreach (var (index, batch) in Batches.Index())
        {
            var place = $"batches[{index}]";
            if (batch is null)
                throw new ArgumentException($"{place} is null; every stretch has a record.");
            if (batch.Part is not (BatchRecord.TrainingPart or BatchRecord.ValidationPart))
            {
                throw new ArgumentException(
                    $"{place} is of the part '{batch.Part}'; it must be {BatchRecord.TrainingPart} or {BatchRecord.ValidationPart}.");
            }

            if (batch.Epoch < 1 || batch.Batch < 1)
                throw new ArgumentException($"{place} is batch {batch.Batch} of epoch {batch.Epoch}; both begin with 1.");
            CheckClasses($"{place}.confusion", batch.Confusion.ClassCount);
        }

        if (BestEpoch is { } best && !Epochs.Any(epoch => epoch.Epoch == best))
            throw new ArgumentException($"The best epoch is {best}, which is none of the {Epochs.Count} epochs.");
    }

    private void CheckLabels()
    {
        if (Labels.Count == 0)
            throw new ArgumentException("There are no labels; a training has at least one class.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, label) in Labels.Index())
        {
            if (string.IsNullOrEmpty(label))
                throw new ArgumentException($"labels[{index}] is empty; every class needs a name.");
            if (!seen.Add(label))
                throw new ArgumentException($"labels[{index}] is '{label}' for the second time; class names must be unique.");
        }
    }

    private void CheckClasses(string place, int? count)
    {
        if (count is { } classes && classes != Labels.Count)
            throw new ArgumentException($"{place} is of {classes} classes; there are {Labels.Count} labels.");
    }
}
