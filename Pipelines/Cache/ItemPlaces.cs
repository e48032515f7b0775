namespace MLPipelines.Pipelines;

/// <summary>Where the samples of a data set's parts lie among its rows.</summary>
internal sealed class ItemPlaces
{
    private readonly ImageDataset dataset;
    private readonly Dictionary<string, int> placeOf;

    /// <param name="dataset">The data set.</param>
    /// <param name="items">The items that there are rows of, in their order.</param>
    public ItemPlaces(ImageDataset dataset, IReadOnlyList<ImageItem> items)
    {
        this.dataset = dataset;
        placeOf = new Dictionary<string, int>(items.Count, StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++) placeOf.Add(items[i].Id, i);
    }

    /// <summary>The rows of a part or split, in its order; items that were left out have none.</summary>
    /// <exception cref="ArgumentException">The part's labels are others, or an item of it is none of this data set.</exception>
    public IReadOnlyList<int> Of(ImageDataset part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!part.Labels.SequenceEqual(dataset.Labels, StringComparer.Ordinal))
            throw new ArgumentException($"'{part.Name}' has other labels than '{dataset.Name}'; a subset is a part or split of the data set itself.");

        var rows = new List<int>(part.Items.Count);
        foreach (var item in part.Items)
        {
            if (placeOf.TryGetValue(item.Id, out var row)) rows.Add(row);
            else if (!dataset.Bad.Holds(item.Id))
                throw new ArgumentException($"'{part.Name}' has the item '{item.Id}', and the decoded data set '{dataset.Name}' has not.");
        }
        return rows;
    }
}
