namespace Microsoft.ML.Data;

/// <summary>Reads a label column as class indices.</summary>
internal static class LabelReader
{
    /// <summary>Whether the type can be a label: <see cref="float"/> or a key.</summary>
    internal static bool CanRead(DataViewType type) => type is KeyDataViewType || type == NumberDataViewType.Single;

    /// <summary>A function that gives the current row's class index: a key less 1, a number as it is; NaN where the key is missing.</summary>
    internal static Func<double> Of(DataViewRow row, DataViewSchema.Column column) => row.GetterOf(column) switch
    {
        ValueGetter<float> getter => Reader(getter, value => value),
        ValueGetter<byte> getter => Reader(getter, key => Index(key)),
        ValueGetter<ushort> getter => Reader(getter, key => Index(key)),
        ValueGetter<uint> getter => Reader(getter, key => Index(key)),
        ValueGetter<ulong> getter => Reader(getter, Index),
        _ => throw new InvalidOperationException($"Bug in MLPipelines: {column.Type} is no label type."),
    };

    private static double Index(ulong key) => key == 0 ? double.NaN : key - 1;

    private static Func<double> Reader<TValue>(ValueGetter<TValue> getter, Func<TValue, double> index)
    {
        TValue value = default;
        return () =>
        {
            getter(ref value);
            return index(value);
        };
    }
}
