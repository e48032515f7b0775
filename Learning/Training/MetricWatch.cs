using System.Globalization;

namespace MLPipelines.Learning;

/// <summary>What follows from the metrics of an epoch: whether it is the best, whether to stop, whether the learning rate falls.</summary>
internal sealed class MetricWatch
{
    private readonly EarlyStopping rules;
    private readonly TrainingMetric metric;
    private readonly PlateauSchedule? plateau;
    private readonly TrainingMetric? plateauMetric;

    /// <exception cref="ArgumentException">There is no such metric, or it needs validation samples and there are none.</exception>
    public MetricWatch(TrainingTask task)
    {
        var usual = task.Validation is null ? "loss" : "val_loss";
        rules = task.Settings.EarlyStopping ?? new EarlyStopping { Metric = usual, Patience = null, RestoresBest = false };
        KeepsBest = task.Settings.EarlyStopping is not null;
        metric = Parse(rules.Metric, task, nameof(EarlyStopping));
        plateau = task.Settings.Schedule as PlateauSchedule;
        plateauMetric = plateau is null ? null : Parse(plateau.Metric, task, nameof(PlateauSchedule));
        HigherIsBetter = rules.Direction == MetricDirection.Auto ? metric.HigherIsBetter : rules.Direction == MetricDirection.Higher;
    }

    /// <summary>The name of the metric that the best epoch is chosen by.</summary>
    public string Metric => metric.Name;

    /// <summary>Which way it is wanted to go.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>Whether the best epoch is written down, rather than only named.</summary>
    public bool KeepsBest { get; }

    /// <summary>Whether the network ends with the best weights.</summary>
    public bool RestoresBest => KeepsBest && rules.RestoresBest;

    /// <summary>Moves the state by an epoch.</summary>
    /// <returns>Whether it is the best so far, and whether the learning rate falls after it.</returns>
    public (bool IsBest, bool Drops) See(TrainingState state, EpochRecord epoch)
    {
        state.Watch = state.Watch.After(rules, epoch.Epoch, metric.Of(epoch), HigherIsBetter);
        var factor = state.Plateau.Factor;
        if (plateau is not null) state.Plateau = state.Plateau.After(plateau, plateauMetric!.Of(epoch), plateauMetric.HigherIsBetter);
        return (state.Watch.BestEpoch == epoch.Epoch, state.Plateau.Factor < factor);
    }

    /// <summary>Whether the patience is at its end.</summary>
    public bool IsOver(TrainingState state) => state.Watch.IsOver(rules);

    /// <summary>Why it is, in a sentence.</summary>
    public string Sentence(TrainingState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Metric} has not become better{(rules.Baseline is { } baseline ? $" or not better than {baseline}" : "")} for {state.Watch.Waited} epochs; "
        + $"{(state.Watch.BestEpoch is { } best ? $"it was {state.Watch.Best:0.######} after epoch {best}" : "it never was a number")}.");

    private static TrainingMetric Parse(string name, TrainingTask task, string asker)
    {
        var metric = TrainingMetric.Parse(name, task.Labels);
        return metric.NeedsValidation && task.Validation is null
            ? throw new ArgumentException(
                $"{asker} watches {metric.Name}, and there are no validation samples; give some, or watch a metric of the training such as loss.")
            : metric;
    }
}
