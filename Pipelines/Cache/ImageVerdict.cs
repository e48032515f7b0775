using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>What decoding found of an image that is not simply good: why it was left out, or what should be known of it.</summary>
/// <param name="Item">Its number.</param>
/// <param name="Reason">Why it is none of the decoded images; null where it is one.</param>
/// <param name="Note">What should be known of it; null where it was left out.</param>
internal readonly record struct ImageVerdict(int Item, string? Reason, ImageNote? Note)
{
    /// <summary>Whether it is none of the decoded images.</summary>
    public bool IsLeftOut => Reason is not null;

    /// <summary>Tells a data set, whose policy decides whether leaving out is allowed.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public void Report(ImageDataset dataset, ImageItem item, Exception? cause = null)
    {
        if (Reason is not null) dataset.Bad.Report(item.Id, item.Part, Reason, cause);
        else dataset.Bad.Note(item.Id, Note);
    }
}
