namespace Microsoft.ML.Data;

/// <summary>The column a member stands for, when that is not called as the member.</summary>
/// <param name="name">The column's name.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    internal string Name => name;
}

/// <summary>Says that a member is no column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute
{
}

/// <summary>The size of the vector that an array or <see cref="VBuffer{T}"/> member holds; without it rows may differ in length.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    /// <summary>A vector of any length.</summary>
    public VectorTypeAttribute() => Dimensions = [0];

    /// <summary>A vector of <paramref name="size"/> items; 0: of any length.</summary>
    public VectorTypeAttribute(int size) => Dimensions = [size];

    /// <summary>A tensor; 0 stands for an unknown dimension.</summary>
    public VectorTypeAttribute(params int[] dimensions) => Dimensions = dimensions;

    internal int[] Dimensions { get; }
}

/// <summary>Says that an unsigned integer member is a key: a category, counted from 0.</summary>
/// <remarks>
/// A value at or above the count is a missing key. In the view the raw value is one more, 0 being the missing one; see
/// <see cref="KeyDataViewType"/>. A member without this attribute that reads a key column gets that raw value.
/// </remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    /// <summary>A key with as many categories as the member can hold.</summary>
    public KeyTypeAttribute()
    {
    }

    /// <summary>A key of <paramref name="count"/> categories.</summary>
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong? Count { get; }
}

/// <summary>The place of a member's column in a text file. Rows made from objects do not look at it.</summary>
/// <param name="fieldIndex">The index of the field in a line, from 0.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnAttribute(int fieldIndex) : Attribute
{
    internal int FieldIndex => fieldIndex;
}
