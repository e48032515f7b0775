namespace MLPipelines.Learning;

/// <summary>What random numbers are drawn for: a part of every key, so that one purpose never sees the numbers of another.</summary>
internal enum RandomPurpose : ulong
{
    Order = 1,
    Augmentation,
    Mixing,
    Dropout,
}
