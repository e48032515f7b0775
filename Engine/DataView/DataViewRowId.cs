namespace Microsoft.ML.Data;

/// <summary>The id of a row, 128 bits; stable under filtering and shuffling.</summary>
/// <param name="low">The lower 64 bits.</param>
/// <param name="high">The upper 64 bits.</param>
public readonly struct DataViewRowId(ulong low, ulong high) : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    /// <summary>The lower 64 bits.</summary>
    public readonly ulong Low = low;

    /// <summary>The upper 64 bits.</summary>
    public readonly ulong High = high;

    /// <inheritdoc/>
    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <inheritdoc/>
    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
