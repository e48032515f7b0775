namespace MLPipelines.Learning;

/// <summary>The samples that a network was given: what they should be told apart as, and what they weigh.</summary>
internal sealed class Batch(int capacity)
{
    /// <summary>No samples.</summary>
    public static Batch Empty { get; } = new(0);

    /// <summary>How many samples; the arrays may be longer.</summary>
    public int Count { get; set; }

    /// <summary>Their classes.</summary>
    public SampleTarget[] Targets { get; } = new SampleTarget[capacity];

    /// <summary>How much each counts in the loss.</summary>
    public float[] Weights { get; } = new float[capacity];
}
