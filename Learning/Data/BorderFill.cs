namespace MLPipelines.Learning;

/// <summary>What is seen where an image was moved away from its border.</summary>
public enum BorderFill
{
    /// <summary>One value everywhere, <see cref="Augmentation.FillValue"/>; black by default.</summary>
    Value,

    /// <summary>The nearest pixel of the image.</summary>
    Edge,

    /// <summary>The image mirrored at the centre of its outermost pixels: <c>c b | a b c | b a</c>.</summary>
    Mirror,
}
