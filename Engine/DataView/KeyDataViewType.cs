namespace Microsoft.ML.Data;

/// <summary>A category out of <see cref="Count"/>, held as an unsigned integer.</summary>
/// <remarks>
/// Raw values are 1-based: 1 … <see cref="Count"/> are the categories 0 … <see cref="Count"/> − 1, and 0 says that the category is missing.
/// </remarks>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    /// <summary>Keys of the given integer type.</summary>
    /// <param name="type"><see cref="byte"/>, <see cref="ushort"/>, <see cref="uint"/> or <see cref="ulong"/>.</param>
    /// <param name="count">How many categories there are, at least 1 and at most what <paramref name="type"/> can hold.</param>
    /// <exception cref="ArgumentException"><paramref name="type"/> is none of these.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public KeyDataViewType(Type type, ulong count) : base(type)
    {
        if (!IsValidDataType(type))
            throw new ArgumentException($"A key is a byte, ushort, uint or ulong; {type} cannot hold one.", nameof(type));
        if (count == 0 || count > MaximumCount(type))
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A {type.Name} key has 1 to {MaximumCount(type)} categories.");
        Count = count;
    }

    /// <inheritdoc cref="KeyDataViewType(Type, ulong)"/>
    public KeyDataViewType(Type type, int count)
        : this(type, count > 0 ? (ulong)count : throw new ArgumentOutOfRangeException(nameof(count), count, "A key has at least 1 category."))
    {
    }

    /// <summary>The number of categories.</summary>
    public ulong Count { get; }

    internal static bool IsValidDataType(Type type) =>
        type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    internal static ulong MaximumCount(Type type) =>
        type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;

    /// <inheritdoc/>
    public override bool Equals(DataViewType other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    /// <inheritdoc/>
    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    /// <summary>For instance <c>Key&lt;UInt32, 0-2&gt;</c> for three categories.</summary>
    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
