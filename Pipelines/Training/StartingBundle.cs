namespace MLPipelines.Pipelines;

/// <summary>What must hold of a bundle whose weights are trained further.</summary>
internal static class StartingBundle
{
    extension(ModelBundle bundle)
    {
        /// <exception cref="InvalidDataException">The images have other labels than the bundle, or the same in another order.</exception>
        public void RequireLabelsOf(ImageDataset images)
        {
            if (bundle.Labels.SequenceEqual(images.Labels, StringComparer.Ordinal)) return;
            throw new InvalidDataException(
                $"'{bundle.Manifest.Name}' tells {Listed(bundle.Labels)} apart, in this order, and '{images.Name}' has {Listed(images.Labels)}. "
                + $"Open the data with the bundle's labels ({nameof(ImageDatasetOptions)}.{nameof(ImageDatasetOptions.Labels)}); for other classes "
                + "train a new head on the bundle.");
        }
    }

    private static string Listed(IReadOnlyList<string> labels) =>
        string.Join(", ", labels.Take(12)) + (labels.Count > 12 ? $" and {labels.Count - 12} more" : "");
}
