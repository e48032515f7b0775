using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Reads the true class of a row as ML.NET's evaluator does.</summary>
internal static class ClassLabels
{
    /// <summary>Reads the index of the class from 0; −1 where the label is missing: key 0, NaN, negative or not whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is neither a key nor a Single.</exception>
    public static Func<int> Getter(DataViewRow row, DataViewSchema.Column label) => label.Type switch
    {
        KeyDataViewType key when key.RawType == typeof(byte) => Keys<byte>(row, label, value => value),
        KeyDataViewType key when key.RawType == typeof(ushort) => Keys<ushort>(row, label, value => value),
        KeyDataViewType key when key.RawType == typeof(uint) => Keys<uint>(row, label, value => value),
        KeyDataViewType key when key.RawType == typeof(ulong) => Keys<ulong>(row, label, value => value),
        var type when type == NumberDataViewType.Single => Indices(row, label),
        var type => throw Mismatch(label.Name, type.ToString()!),
    };

    /// <summary>A label column of another type.</summary>
    public static ArgumentOutOfRangeException Mismatch(string name, string actual) =>
        Columns.Mismatch(
            name, "a key (mlContext.Transforms.Conversion.MapValueToKey makes one) or a Single that holds the index of the class", actual);

    private static Func<int> Keys<T>(DataViewRow row, DataViewSchema.Column label, Func<T, ulong> number)
        where T : struct
    {
        var getter = row.GetGetter<T>(label);
        return () =>
        {
            T value = default;
            getter(ref value);
            return checked((int)number(value)) - 1;
        };
    }

    private static Func<int> Indices(DataViewRow row, DataViewSchema.Column label)
    {
        var getter = row.GetGetter<float>(label);
        return () =>
        {
            var value = float.NaN;
            getter(ref value);
            return value >= 0 && value < int.MaxValue && value == MathF.Floor(value) ? (int)value : -1;
        };
    }
}
