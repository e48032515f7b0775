using MLPipelines.Cli.Terminal;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary>Tells what was read and what was left out: read = used + skipped.</summary>
internal static class DataNotes
{
    private const int ListedItems = 5;

    public static void Write(Screen screen, ImageDataset dataset) =>
        screen.Note($"{dataset.Name}: {dataset.Items.Count:N0} images, {dataset.Labels.Count} classes.");

    /// <summary>Names the first of the items that were left out.</summary>
    public static void WriteSkipped(Screen screen, ImageDataset dataset)
    {
        var summary = dataset.Summary();
        if (summary.Skipped.Count == 0)
            return;
        screen.Warning($"{summary.Skipped.Count:N0} of {summary.Read:N0} items were left out:");
        foreach (var item in summary.Skipped.Take(ListedItems))
            screen.Warning($"  {item.Id}: {item.Reason}");
        if (summary.Skipped.Count > ListedItems)
            screen.Warning("  … --quarantine FILE lists them all.");
    }
}
