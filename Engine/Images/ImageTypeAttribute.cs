using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Says that a member of type <see cref="MLImage"/> is a column of images, and of which size.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    /// <summary>Images of any size.</summary>
    public ImageTypeAttribute()
    {
    }

    /// <summary>Images of one size, in pixels.</summary>
    public ImageTypeAttribute(int height, int width) => (_height, _width) = (height, width);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute other) => other is ImageTypeAttribute image && (image._height, image._width) == (_height, _width);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_height, _width);

    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(_height == 0 ? new ImageDataViewType() : new ImageDataViewType(_height, _width), typeof(MLImage), this);
}
