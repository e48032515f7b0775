using System.Globalization;

namespace MLPipelines.Learning;

/// <summary>An epoch in one line, for consoles and logs.</summary>
public static class EpochLine
{
    private const int WorstClasses = 2;

    /// <summary>
    /// Such as <c>epoch  3/12  loss 0.412  val_loss 0.391  val_accuracy 0.861  val_f1 0.859  worst: shirt 0.61, pullover 0.74  12.1 s
    /// 5,010 img/s  *best</c>.
    /// </summary>
    /// <remarks>
    /// F1 is the macro average. Accuracy, F1 and the worst classes are those of the validation data, and without validation those of the
    /// training data; a class without samples is no worst one. These shares are rounded down (<see cref="ShownDigits"/>), losses to the nearest. Of two classes one is named, of one none. Undefined is <c>n/a</c>; control
    /// characters in names of classes become spaces.
    /// </remarks>
    public static string Of(TrainingProgress.EpochEnded ended)
    {
        var epoch = ended.Epoch;
        var (part, prefix) = epoch.Validation is { } validation ? (validation, "val_") : (epoch.Training, "");
        var number = epoch.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(ended.Epochs.ToString(CultureInfo.InvariantCulture).Length);
        string?[] words =
        [
            string.Create(CultureInfo.InvariantCulture, $"epoch {number}/{ended.Epochs}"),
            $"loss {Loss(epoch.Training.Loss)}",
            epoch.Validation is null ? null : $"val_loss {Loss(part.Loss)}",
            $"{prefix}accuracy {Share(part.Accuracy, 3)}",
            $"{prefix}f1 {Share(part.MacroF1, 3)}",
            Worst(part.Confusion, ended.Labels),
            string.Create(CultureInfo.InvariantCulture, $"{epoch.Seconds:0.0} s"),
            double.IsFinite(epoch.SamplesPerSecond) ? string.Create(CultureInfo.InvariantCulture, $"{epoch.SamplesPerSecond:#,0} img/s") : null,
            epoch.LearningRateDropped ? "learning rate lowered" : null,
            ended.IsBest ? "*best" : null,
        ];
        return string.Join("  ", words.OfType<string>());
    }

    private static string? Worst(ConfusionCounts counts, IReadOnlyList<string> labels)
    {
        var worst = Enumerable.Range(0, counts.ClassCount).Where(index => counts.Support(index) > 0)
            .OrderBy(counts.F1).Take(Math.Min(WorstClasses, counts.ClassCount - 1))
            .Select(index => $"{Plain(labels[index])} {Share(counts.F1(index), 2)}");
        return string.Join(", ", worst) is { Length: > 0 } names ? $"worst: {names}" : null;
    }

    private static string Share(double share, int decimals) => Number(ShownDigits.Down(share, decimals), "0.000"[..(decimals + 2)]);

    private static string Loss(double loss) => Number(loss, Math.Abs(loss) is 0 or (>= 0.001 and < 1e6) ? "0.000" : "0.0e+0");

    private static string Number(double value, string format) => double.IsNaN(value) ? "n/a" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Plain(string label) => string.Concat(label.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
