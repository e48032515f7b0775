namespace Microsoft.ML.Data;

/// <summary>Makes editors that fill a <see cref="VBuffer{T}"/> in place.</summary>
public static class VBufferEditor
{
    /// <summary>Starts filling <paramref name="destination"/>, whose arrays are used again where they are large enough.</summary>
    /// <param name="destination">The buffer whose memory may be used; assign what <see cref="VBufferEditor{T}.Commit"/> returns to it.</param>
    /// <param name="newLogicalLength">The number of items, default ones included.</param>
    /// <param name="valuesCount">The number of explicit items; null: all of them (dense).</param>
    /// <param name="maxValuesCapacity">An upper bound for arrays made anew.</param>
    /// <param name="keepOldOnResize">Whether old values are kept when an array must grow.</param>
    /// <param name="requireIndicesOnDense">Whether memory for indices is wanted though the result is dense.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative, or there are more explicit items than items.</exception>
    public static VBufferEditor<T> Create<T>(
        ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        var count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(valuesCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, newLogicalLength, nameof(valuesCount));

        var values = Sized(destination.Values, count, maxValuesCapacity, keepOldOnResize);
        var indices = count < newLogicalLength || requireIndicesOnDense
            ? Sized(destination.Indices, count, maxValuesCapacity, keepOldOnResize)
            : destination.Indices;
        return new VBufferEditor<T>(newLogicalLength, count, values, indices);
    }

    private static TItem[] Sized<TItem>(TItem[] old, int count, int? maximum, bool keepOld)
    {
        if ((old?.Length ?? 0) >= count)
            return old ?? [];
        // Grow by half, so that a buffer filled with longer and longer rows is not made anew for each.
        var grown = new TItem[Math.Max(count, Math.Min(maximum ?? count, count + count / 2))];
        if (keepOld)
            old?.CopyTo(grown, 0);
        return grown;
    }
}

/// <summary>
/// Fills a <see cref="VBuffer{T}"/>: write <see cref="Values"/> (and <see cref="Indices"/> when sparse), then <see cref="Commit"/>.
/// </summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    internal VBufferEditor(int length, int count, T[] values, int[] indices)
    {
        (_length, _values, _indices) = (length, values, indices);
        Values = values.AsSpan(0, count);
        Indices = count < length ? indices.AsSpan(0, count) : default;
    }

    /// <summary>The explicit values to write; what was there before is undefined.</summary>
    public readonly Span<T> Values;

    /// <summary>Their places to write, strictly ascending; empty when dense.</summary>
    public readonly Span<int> Indices;

    /// <summary>The filled buffer.</summary>
    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices, trusted: true);
}
