using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>What the sections of a training read: the history, and which of its epochs and parts the words and the first pictures are about.</summary>
internal sealed class TrainingFacts(TrainingHistory history)
{
    /// <summary>The history, valid.</summary>
    public TrainingHistory History => history;

    /// <summary>Whether any epoch was validated; then validation is what counts, else training.</summary>
    public bool HasValidation { get; } = history.Epochs.Any(epoch => epoch.Validation is not null);

    /// <summary>The part that counts, in words.</summary>
    public string JudgedName => HasValidation ? "validation" : "training";

    /// <summary>The parts that the charts show, the one that counts first.</summary>
    public IReadOnlyList<string> PartNames => HasValidation ? ["validation", "training"] : ["training"];

    /// <summary>The best epoch; where none is, or it has not the part that counts, the last that has it. There must be epochs.</summary>
    public EpochRecord Reference =>
        history.Epochs.FirstOrDefault(epoch => epoch.Epoch == history.BestEpoch && Judged(epoch) is not null)
        ?? history.Epochs.Last(epoch => Judged(epoch) is not null);

    /// <summary>Whether <see cref="Reference"/> was the best, and not only the last.</summary>
    public bool ReferenceIsBest => history.BestEpoch == Reference.Epoch;

    /// <summary>The class indices by F1 at the <see cref="Reference"/>, worst first, undefined last, equal ones by index.</summary>
    public IReadOnlyList<int> WorstFirst
    {
        get
        {
            var counts = Judged(Reference)!.Confusion;
            return [.. Enumerable.Range(0, history.Labels.Count).OrderBy(index => double.IsNaN(counts.F1(index))).ThenBy(counts.F1)];
        }
    }

    /// <summary>The part of an epoch that counts; null where the epoch has it not.</summary>
    public PartRecord? Judged(EpochRecord epoch) => HasValidation ? epoch.Validation : epoch.Training;

    /// <summary>A part by its name; null where the epoch has it not.</summary>
    public static PartRecord? PartOf(EpochRecord epoch, string part) => part == "validation" ? epoch.Validation : epoch.Training;

    /// <summary>The class with rows that has the least F1; null where there is none.</summary>
    public int? WorstClass(EpochRecord epoch)
    {
        if (Judged(epoch)?.Confusion is not { } counts)
            return null;
        int[] defined = [.. Enumerable.Range(0, counts.ClassCount).Where(index => counts.Support(index) > 0)];
        return defined.Length == 0 ? null : defined.MinBy(counts.F1);
    }

    /// <summary>Epochs so that together they are no larger than <paramref name="budget"/>: evenly chosen, with the first, the best and the last.</summary>
    /// <param name="sizeOf">How large an epoch is, in any unit.</param>
    /// <param name="budget">How large they may be, in the same; the first, the best and the last are kept even beyond it.</param>
    public IReadOnlyList<EpochRecord> Thinned(Func<EpochRecord, long> sizeOf, long budget)
    {
        var total = history.Epochs.Sum(sizeOf);
        var step = Math.Max(1, (int)Math.Min(int.MaxValue, (total + budget - 1) / budget));
        var reference = Reference;
        return [.. history.Epochs.Where((epoch, index) => index % step == 0 || index == history.Epochs.Count - 1 || epoch == reference)];
    }
}
