using System.Globalization;
using CsvHelper;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>A training history as a table with one row per epoch, for spreadsheets and data frames.</summary>
/// <remarks>
/// Columns <c>epoch</c>, <c>learning_rate</c>, <c>seconds</c>, <c>samples_per_second</c>, then every <see cref="TrainingMetric"/> by its name:
/// first those of all classes together (<c>loss</c>, …, <c>val_loss</c>, …), then those of each class (<c>f1[shirt]</c>, …,
/// <c>val_f1[shirt]</c>, …); the <c>val_</c> columns only where an epoch has a validation, and <c>class_weight[shirt]</c>, … only where an
/// epoch has weights. What is undefined is empty. Numbers have all digits. UTF-8, quoted as RFC 4180 tells.
/// </remarks>
public static class TrainingHistoryCsv
{
    /// <summary>Writes the whole file or nothing.</summary>
    /// <param name="history">The history.</param>
    /// <param name="path">The file, replaced if it exists. Separated by tabs if its name ends in <c>.tsv</c>, else by commas.</param>
    /// <exception cref="ArgumentException">The history contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(TrainingHistory history, string path)
    {
        var separator = Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        AtomicFile.Write(path, stream => Write(history, stream, separator));
    }

    /// <summary>Writes the table to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">The history contradicts itself.</exception>
    public static void Write(TrainingHistory history, Stream stream, char separator = ',')
    {
        history.Validate();
        using var writer = CsvWriter.Create(stream, CsvWriterOptions.Default with { NewLine = "\n", Separator = separator }, leaveOpen: true);
        (string Name, Func<EpochRecord, double> Of)[] columns = [.. Columns(history)];
        foreach (var (name, _) in columns)
            writer.WriteField(name);
        writer.EndRecord();
        foreach (var epoch in history.Epochs)
        {
            foreach (var (_, valueOf) in columns)
                writer.WriteField(valueOf(epoch) is var value && double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture));
            writer.EndRecord();
        }
    }

    private static IEnumerable<(string Name, Func<EpochRecord, double> Of)> Columns(TrainingHistory history)
    {
        yield return ("epoch", epoch => epoch.Epoch);
        yield return ("learning_rate", epoch => epoch.LearningRate);
        yield return ("seconds", epoch => epoch.Seconds);
        yield return ("samples_per_second", epoch => epoch.SamplesPerSecond);

        var hasValidation = history.Epochs.Any(epoch => epoch.Validation is not null);
        var metrics = TrainingMetric.All(history.Labels, validation: false);
        if (hasValidation)
            metrics = metrics.Concat(TrainingMetric.All(history.Labels, validation: true));
        foreach (var metric in metrics.OrderBy(metric => metric.OfOneClass))
            yield return (metric.Name, metric.Of);

        if (history.Epochs.All(epoch => epoch.ClassWeights is null))
            yield break;
        foreach (var (index, label) in history.Labels.Index())
            yield return ($"class_weight[{label}]", epoch => epoch.ClassWeights?[index] ?? double.NaN);
    }
}
