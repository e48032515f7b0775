using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Gives every row a number in [0, 1) by which data are split: the same number in every pass, whatever the order of reading.</summary>
/// <remarks>
/// The number is a hash of the seed and the row's id or, where groups must stay together, of the seed and the group's value. Rows are therefore
/// drawn independently: a split of 0.1 holds about a tenth of them, not exactly.
/// </remarks>
internal sealed class RowSample
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column? _group;
    private readonly ulong _seed;

    /// <exception cref="ArgumentOutOfRangeException">The group column is missing or a vector.</exception>
    public RowSample(IDataView data, string groupColumnName, int seed)
    {
        (_data, _seed) = (data, (ulong)(uint)seed);
        if (groupColumnName is null)
            return;
        _group = data.Schema.Require(groupColumnName, "sampling key");
        if (_group.Value.Type is not PrimitiveDataViewType)
            throw ColumnErrors.Mismatch(_group.Value, "sampling key", "text, a key, a number or another scalar");
    }

    /// <summary>The rows whose number is at least <paramref name="lower"/> and below <paramref name="upper"/>, or the others.</summary>
    public IDataView Rows(double lower, double upper, bool complement = false) =>
        new FilteredView(_data, _group is { } column ? [column] : [], row =>
        {
            var hash = HashOf(row);
            return () => hash() is var number && (number >= lower && number < upper) != complement;
        });

    private Func<double> HashOf(DataViewRow row)
    {
        if (_group is { } column)
            return (Func<double>)typeof(RowSample).GetMethod(nameof(GroupHash), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(column.Type.RawType).Invoke(this, [row, column]);
        var getId = row.GetIdGetter();
        DataViewRowId id = default;
        return () =>
        {
            getId(ref id);
            return Uniform(Mix(id.High ^ Mix(id.Low)));
        };
    }

    private Func<double> GroupHash<TValue>(DataViewRow row, DataViewSchema.Column column)
    {
        if (typeof(TValue) == typeof(ReadOnlyMemory<char>))
        {
            var getText = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                getText(ref text);
                return Uniform(Hash(text.Span));
            };
        }
        var getValue = row.GetGetter<TValue>(column);
        TValue value = default;
        return () =>
        {
            getValue(ref value);
            // Its text, not its hash code: that of a double or a date may change between versions of .NET.
            return Uniform(Hash(FormattableString.Invariant($"{value}")));
        };
    }

    private double Uniform(ulong hash) => (Mix(hash ^ Mix(_seed)) >> 11) * (1.0 / (1UL << 53));

    // FNV-1a, 64 bits.
    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
            hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit changes half of the output bits.
    private static ulong Mix(ulong bits)
    {
        bits += 0x9E3779B97F4A7C15UL;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }
}
