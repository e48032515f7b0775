using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector or tensor of primitive items; values are <see cref="VBuffer{T}"/>, laid out row-major, the last dimension running fastest.
/// </summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    /// <summary>A vector of one dimension.</summary>
    /// <param name="itemType">What its items are.</param>
    /// <param name="size">Its length; 0: every row may have another.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0) : this(itemType, ImmutableArray.Create(size))
    {
    }

    /// <summary>A tensor.</summary>
    /// <param name="itemType">What its items are.</param>
    /// <param name="dimensions">At least one; 0 where the dimension is not known before the row is read.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, ImmutableArray.Create(dimensions ?? throw new ArgumentNullException(nameof(dimensions))))
    {
    }

    /// <inheritdoc cref="VectorDataViewType(PrimitiveDataViewType, int[])"/>
    /// <exception cref="ArgumentException">There is no dimension, one is negative, or the product is more than 2³¹ − 1.</exception>
    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(typeof(VBuffer<>).MakeGenericType((itemType ?? throw new ArgumentNullException(nameof(itemType))).RawType))
    {
        if (dimensions.IsDefaultOrEmpty || dimensions.Any(d => d < 0))
        {
            throw new ArgumentException(
                $"Vector dimensions [{(dimensions.IsDefault ? "" : string.Join(", ", dimensions))}] given; there must be one or more, none negative.",
                nameof(dimensions));
        }
        var size = dimensions.Aggregate(1L, (product, d) => Math.Min(product * d, int.MaxValue + 1L));
        if (size > int.MaxValue)
            throw new ArgumentException(
                $"Vector dimensions [{string.Join(", ", dimensions)}] give more than {int.MaxValue} items.", nameof(dimensions));
        (ItemType, Dimensions, Size) = (itemType, dimensions, (int)size);
    }

    /// <summary>What the items are.</summary>
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The dimensions, outermost first; 0 stands for unknown.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>The number of items, the product of <see cref="Dimensions"/>; 0 when that is not known.</summary>
    public int Size { get; }

    /// <summary>Whether every row has the same number of items.</summary>
    public bool IsKnownSize => Size > 0;

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) =>
        other is VectorDataViewType vector && vector.ItemType.Equals(ItemType) && vector.Dimensions.AsSpan().SequenceEqual(Dimensions.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => Dimensions.Aggregate(ItemType.RawType.GetHashCode(), HashCode.Combine);

    /// <summary>
    /// For instance <c>Vector&lt;Single, 3, 2, 2&gt;</c>, <c>Vector&lt;Single&gt;</c> when the size is unknown, <c>*</c> for one unknown
    /// dimension of several.
    /// </summary>
    public override string ToString() =>
        Dimensions is [0] ? $"Vector<{ItemType}>" : $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(d => d == 0 ? "*" : $"{d}"))}>";
}
