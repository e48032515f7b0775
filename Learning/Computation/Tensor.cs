namespace MLPipelines.Learning;

/// <summary>What flows between two steps: values forward, and the gradient of the loss for them backward.</summary>
internal sealed class Tensor(ImageShape shape, int pitch, bool needsGradient)
{
    /// <summary>Height, width and channels.</summary>
    public ImageShape Shape { get; } = shape;

    /// <summary>The values.</summary>
    public FeatureMap Values { get; } = new(shape, pitch);

    /// <summary>The gradient; null where nobody asks for it.</summary>
    public FeatureMap? Gradient { get; set; } = needsGradient ? new(shape, pitch) : null;

    /// <summary>Whether more than one step reads the values, so that none may change them in place.</summary>
    public bool IsShared { get; set; }

    /// <summary>The step that is the first, going backward, to write the gradient; the others add to it.</summary>
    public Step? FirstGradientWriter { get; set; }
}
