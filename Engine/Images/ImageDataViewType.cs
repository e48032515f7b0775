using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of a column of images (<see cref="MLImage"/>), all of one size or each of its own.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    /// <summary>Images of any size.</summary>
    public ImageDataViewType() : base(typeof(MLImage))
    {
    }

    /// <summary>Images of one size, in pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or an image of 4 bytes a pixel would exceed 2 GB.</exception>
    public ImageDataViewType(int height, int width) : base(typeof(MLImage))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (4L * height * width > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(height), $"{width} × {height} pixels of 4 bytes are more than {int.MaxValue} bytes.");
        (Height, Width) = (height, width);
    }

    /// <summary>The number of rows; 0: any.</summary>
    public readonly int Height;

    /// <summary>The number of columns; 0: any.</summary>
    public readonly int Width;

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is ImageDataViewType image && (image.Height, image.Width) == (Height, Width);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Height, Width);

    /// <summary><c>Image</c>, or <c>Image&lt;height, width&gt;</c>.</summary>
    public override string ToString() => Height == 0 ? "Image" : $"Image<{Height}, {Width}>";
}
