using System.Globalization;
using MLPipelines.Cli.Terminal;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary>Tells what was read and what was left out: read = used + skipped.</summary>
internal static class DataNotes
{
    private const int ListedItems = 5;

    public static void Write(Screen screen, ImageDataset dataset) =>
        screen.Note($"{dataset.Name}: {Count(dataset.Items.Count, "image", "images")}, {Count(dataset.Labels.Count, "class", "classes")}.");

    /// <summary>IDX files know their classes by number alone; says how to name them, where nobody has.</summary>
    public static void WriteUnnamedClasses(Screen screen, ImageDataset dataset)
    {
        if (dataset.Format != DatasetFormat.Idx || !dataset.Labels.All(label => byte.TryParse(label, CultureInfo.InvariantCulture, out _)))
            return;
        screen.Note(
            $"The classes are called by their numbers, {dataset.Labels[0]} to {dataset.Labels[^1]}: --labels FILE names them, one name a line, as does a labels.txt beside the data.");
    }

    /// <summary>An evaluation of nothing would be full of n/a and look like a success.</summary>
    public static void RequireImages(ImageDataset dataset, int rows)
    {
        if (rows == 0)
            throw new InvalidDataException($"None of the {Count(dataset.Items.Count, "image", "images")} of '{dataset.Name}' could be read.");
    }

    /// <summary>Names the first of the items that were left out, and counts those that were used although something is odd about them.</summary>
    public static void WriteSkipped(Screen screen, ImageDataset dataset)
    {
        var summary = dataset.Summary();
        WriteNoted(screen, [.. summary.Noted.Where(item => item.Note.IsDamage)], items => items == 1 ? "has tolerable damage" : "have tolerable damage", " (--on-damage refuse refuses such images)");
        WriteNoted(screen, [.. summary.Noted.Where(item => !item.Note.IsDamage)], _ => "may look other than meant", "");
        if (summary.Skipped.Count == 0)
            return;
        screen.Warning($"{summary.Skipped.Count:N0} of {summary.Read:N0} items were left out:");
        foreach (var item in summary.Skipped.Take(ListedItems))
            screen.Warning($"  {item.Id}: {item.Reason}");
        if (summary.Skipped.Count > ListedItems)
            screen.Warning("  … --quarantine FILE lists them all.");
    }

    /// <summary>Says once how many were used all the same, and shows one.</summary>
    private static void WriteNoted(Screen screen, NotedItem[] items, Func<int, string> what, string advice)
    {
        if (items.Length > 0)
            screen.Warning($"{Count(items.Length, "image", "images")} {what(items.Length)}, e.g. {items[0].Id}: {items[0].Note.Text}{advice}.");
    }

    private static string Count(int number, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : many)}");
}
