using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>A training in sentences.</summary>
internal static class TrainingWords
{
    /// <summary>How long it took, where the best epoch lies, and why it ended.</summary>
    public static string Course(TrainingFacts facts)
    {
        var history = facts.History;
        var epochs = Figures.Count(history.Epochs.Count, "epoch", "epochs");
        var best = history.Epochs.FirstOrDefault(epoch => epoch.Epoch == history.BestEpoch) switch
        {
            null => "",
            { Epoch: var number } when history.Monitor.Length == 0 => $" Best in epoch {number}.",
            var epoch => $" Best in epoch {epoch.Epoch}: {history.Monitor} {Monitored(history, epoch)}.",
        };
        return $"{epochs} in {Figures.Duration(history.Epochs.Sum(epoch => epoch.Seconds))}.{best} {Stop(history)}";
    }

    private static string Monitored(TrainingHistory history, EpochRecord epoch)
    {
        var value = TrainingMetric.Parse(history.Monitor, history.Labels).Of(epoch);
        return history.MonitorHigherIsBetter ? Figures.Score(value) : Figures.Value(value);
    }

    /// <summary>Why it ended, in a sentence or two.</summary>
    public static string Stop(TrainingHistory history)
    {
        var reason = ShortStop(history.Stop) switch
        {
            null => "It was still going on when this was written",
            var word => char.ToUpperInvariant(word[0]) + word[1..],
        };
        return history.StopDetail is { Length: > 0 } detail ? $"{reason}: {detail.TrimEnd('.')}." : $"{reason}.";
    }

    /// <summary>Why it ended in two or three words; null while it goes on.</summary>
    public static string? ShortStop(StopReason? stop) => stop switch
    {
        StopReason.Finished => "all epochs done",
        StopReason.EarlyStopping => "stopped early",
        StopReason.TimeBudget => "time was up",
        StopReason.Cancelled => "cancelled",
        StopReason.NotANumber => "stopped at NaN",
        _ => null,
    };

    /// <summary>What the validation loss says of learning by heart; empty where it says nothing.</summary>
    /// <remarks>Said where after its lowest epoch validation loss rose by more than a tenth while training loss fell.</remarks>
    public static string Overfitting(TrainingFacts facts)
    {
        (int Epoch, double Training, double Validation)[] losses =
        [
            .. facts.History.Epochs.Select(epoch => (epoch.Epoch, epoch.Training.Loss, epoch.Validation?.Loss ?? double.NaN))
                .Where(epoch => double.IsFinite(epoch.Item2) && double.IsFinite(epoch.Item3)),
        ];
        if (losses.Length < 3)
            return "";
        var (lowest, last) = (losses.MinBy(epoch => epoch.Validation), losses[^1]);
        return last.Validation > 1.1 * lowest.Validation && last.Training < lowest.Training
            ? $"Validation loss was lowest in epoch {lowest.Epoch} ({Figures.Value(lowest.Validation)}) and rose to {Figures.Value(last.Validation)} "
                + "while training loss fell, a sign that from there on it learnt the training images by heart."
            : "";
    }

    /// <summary>The weakest class of the best epoch; empty where there are too few classes to tell.</summary>
    public static Markup Weakest(TrainingFacts facts)
    {
        var (epoch, labels) = (facts.Reference, facts.History.Labels);
        if (labels.Count < 3 || facts.WorstClass(epoch) is not { } worst)
            return new Markup();
        var counts = facts.Judged(epoch)!.Confusion;
        var guess = Enumerable.Range(0, labels.Count).Where(other => other != worst).MaxBy(other => counts[worst, other]);
        var html = new Markup().Add($"Weakest class there: <strong>{labels[worst]}</strong> (F1 {Figures.Score(counts.F1(worst))})");
        return counts[worst, guess] > 0 ? html.Add($", most often taken for {labels[guess]}. ") : html.Add($". ");
    }
}
