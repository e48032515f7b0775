namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, made to be filled again and again without new memory.</summary>
/// <remarks>
/// Dense: <see cref="GetValues"/> has <see cref="Length"/> values. Sparse: it has fewer, <see cref="GetIndices"/> says where they belong
/// (strictly ascending), and the rest is <c>default</c>. Copying the struct shares its arrays; <see cref="CopyTo(ref VBuffer{T})"/> does not.
/// </remarks>
/// <typeparam name="T">The item.</typeparam>
public readonly struct VBuffer<T>
{
    internal readonly T[] Values;
    internal readonly int[] Indices;
    internal readonly int Count;

    /// <summary>The number of items, explicit and default ones together.</summary>
    public readonly int Length;

    /// <summary>A dense vector over <paramref name="values"/>, which is not copied.</summary>
    /// <param name="length">The number of items.</param>
    /// <param name="values">At least <paramref name="length"/> values; may be null when it is 0.</param>
    /// <param name="indices">Spare memory for a later sparse use.</param>
    /// <exception cref="ArgumentException">There are too few values.</exception>
    public VBuffer(int length, T[] values, int[] indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > (values?.Length ?? 0))
            throw new ArgumentException(
                $"A dense vector of {length} items was asked for, but there are {values?.Length ?? 0} values.", nameof(values));
        (Length, Count, Values, Indices) = (length, length, values, indices);
    }

    /// <summary>A vector of <paramref name="length"/> items of which <paramref name="count"/> are explicit. The arrays are not copied.</summary>
    /// <param name="length">The number of items.</param>
    /// <param name="count">The number of explicit ones; dense when it equals <paramref name="length"/>.</param>
    /// <param name="values">At least <paramref name="count"/> values.</param>
    /// <param name="indices">Their places, strictly ascending, each below <paramref name="length"/>; not read when dense.</param>
    /// <exception cref="ArgumentException">There are too few values or indices, or the indices do not ascend within the length.</exception>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        if (count > (values?.Length ?? 0))
            throw new ArgumentException($"{count} explicit items were announced, but there are {values?.Length ?? 0} values.", nameof(values));
        if (count < length)
            CheckIndices(length, count, indices);
        (Length, Count, Values, Indices) = (length, count, values, indices);
    }

    // Trusted: the editor guarantees what the public constructors check.
    internal VBuffer(int length, int count, T[] values, int[] indices, bool trusted)
    {
        _ = trusted;
        (Length, Count, Values, Indices) = (length, count, values, indices);
    }

    /// <summary>Whether every item is explicit.</summary>
    public bool IsDense => Count == Length;

    /// <summary>The explicit values: all of them in order when dense, those at <see cref="GetIndices"/> when sparse.</summary>
    public ReadOnlySpan<T> GetValues() => Values.AsSpan(0, Count);

    /// <summary>The places of the explicit values; empty when dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : Indices.AsSpan(0, Count);

    /// <summary>The item at <paramref name="index"/>, <c>default</c> where a sparse vector has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside the vector.</exception>
    public T GetItemOrDefault(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        if (IsDense)
            return Values[index];
        var place = GetIndices().BinarySearch(index);
        return place < 0 ? default : Values[place];
    }

    /// <summary>All items in order, default ones too.</summary>
    public IEnumerable<T> DenseValues()
    {
        for (int index = 0, place = 0; index < Length; index++)
            yield return IsDense ? Values[index] : place < Count && Indices[place] == index ? Values[place++] : default;
    }

    /// <summary>The items with their places.</summary>
    /// <param name="all">Whether a sparse vector's default items come too.</param>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (all || IsDense)
        {
            var index = 0;
            foreach (var value in DenseValues())
                yield return new(index++, value);
        }
        else
        {
            for (var place = 0; place < Count; place++)
                yield return new(Indices[place], Values[place]);
        }
    }

    /// <summary>Writes all items, default ones too, to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="Length"/>.</exception>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"The vector has {Length} items, the destination has room for {destination.Length}.", nameof(destination));
        if (IsDense)
        {
            GetValues().CopyTo(destination);
            return;
        }
        destination[..Length].Clear();
        for (var place = 0; place < Count; place++)
            destination[Indices[place]] = Values[place];
    }

    /// <summary>Copies into <paramref name="destination"/>, whose memory is used again where it is large enough; sparse stays sparse.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, Count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies into <paramref name="destination"/> and makes it dense.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>For instance <c>Sparse vector of size 5, 2 explicit values</c>.</summary>
    public override string ToString() => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {Count} explicit values";

    private static void CheckIndices(int length, int count, int[] indices)
    {
        if (count > (indices?.Length ?? 0))
            throw new ArgumentException($"{count} explicit items were announced, but there are {indices?.Length ?? 0} indices.", nameof(indices));
        for (var place = 0; place < count; place++)
        {
            if (indices[place] >= length || indices[place] <= (place == 0 ? -1 : indices[place - 1]))
                throw new ArgumentException(
                    $"Index {indices[place]} at place {place} must be below {length} and above the one before it.", nameof(indices));
        }
    }
}
