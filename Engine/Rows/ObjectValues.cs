using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Values of a member as column values, and back.</summary>
/// <remarks>
/// Text is <see cref="string"/> in objects and <see cref="ReadOnlyMemory{T}"/> in rows; vectors are arrays or <see cref="VBuffer{T}"/>. A scalar key
/// counts from 0 in objects and from 1 in rows, 0 being the missing one; vectors of keys are not changed.
/// </remarks>
internal static class ObjectValues
{
    /// <summary>A column getter over a member.</summary>
    /// <param name="read">The member of the current object.</param>
    /// <param name="type">The column's type.</param>
    /// <param name="where">The member in words, for errors.</param>
    /// <returns>A <see cref="ValueGetter{TValue}"/> of the raw type of <paramref name="type"/>.</returns>
    public static Delegate CreateGetter<TMember>(Func<TMember> read, DataViewType type, string where) => (object)read switch
    {
        Func<string> text => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = text().AsMemory()),
        Func<string[]> texts => VectorOf(texts, type, where, (string[] from, Span<ReadOnlyMemory<char>> to) =>
        {
            for (var index = 0; index < from.Length; index++)
                to[index] = from[index].AsMemory();
        }),
        Func<byte> key when type is KeyDataViewType { Count: var count } =>
            (ValueGetter<byte>)((ref byte value) => value = key() is var index && index < count ? (byte)(index + 1) : (byte)0),
        Func<ushort> key when type is KeyDataViewType { Count: var count } =>
            (ValueGetter<ushort>)((ref ushort value) => value = key() is var index && index < count ? (ushort)(index + 1) : (ushort)0),
        Func<uint> key when type is KeyDataViewType { Count: var count } =>
            (ValueGetter<uint>)((ref uint value) => value = key() is var index && index < count ? index + 1 : 0),
        Func<ulong> key when type is KeyDataViewType { Count: var count } =>
            (ValueGetter<ulong>)((ref ulong value) => value = key() is var index && index < count ? index + 1 : 0),
        _ when typeof(TMember).IsSZArray => Dispatch(nameof(ArrayGetter), typeof(TMember).GetElementType(), read, type, where),
        _ when type is VectorDataViewType vector => Dispatch(nameof(BufferGetter), vector.ItemType.RawType, read, type, where),
        _ => (ValueGetter<TMember>)((ref TMember value) => value = read()),
    };

    /// <summary>A member's values out of a row: arrays and buffers that fit are filled in place.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">A column whose raw type is that of <typeparamref name="TMember"/>.</param>
    /// <param name="keysFromZero">Whether a scalar key is to count from 0; the missing one is then the type's greatest value.</param>
    public static ValueGetter<TMember> CreateReader<TMember>(DataViewRow row, DataViewSchema.Column column, bool keysFromZero)
    {
        if (typeof(TMember) == typeof(string))
            return (ValueGetter<TMember>)(Delegate)TextReader(row, column);
        if (typeof(TMember) == typeof(string[]))
            return (ValueGetter<TMember>)(Delegate)ArrayReader<ReadOnlyMemory<char>, string>(row, column, (from, to) =>
            {
                for (var index = 0; index < from.Length; index++)
                    to[index] = from[index].ToString();
            });
        if (typeof(TMember).IsSZArray)
            return (ValueGetter<TMember>)Dispatch(nameof(PlainArrayReader), typeof(TMember).GetElementType(), row, column);
        return keysFromZero && column.Type is KeyDataViewType ? (ValueGetter<TMember>)KeyReader(row, column) : row.GetGetter<TMember>(column);
    }

    private delegate void Fill<TFrom, TTo>(TFrom[] from, Span<TTo> to);

    private static ValueGetter<VBuffer<TItem>> VectorOf<TFrom, TItem>(Func<TFrom[]> read, DataViewType type, string where, Fill<TFrom, TItem> fill)
    {
        var size = ((VectorDataViewType)type).Size;
        return (ref VBuffer<TItem> value) =>
        {
            var from = read();
            CheckLength(from?.Length, size, where);
            from ??= [];
            var editor = VBufferEditor.Create(ref value, from.Length);
            fill(from, editor.Values);
            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<TItem>> ArrayGetter<TItem>(Func<TItem[]> read, DataViewType type, string where) =>
        VectorOf(read, type, where, (TItem[] from, Span<TItem> to) => from.CopyTo(to));

    private static ValueGetter<VBuffer<TItem>> BufferGetter<TItem>(Func<VBuffer<TItem>> read, DataViewType type, string where)
    {
        var size = ((VectorDataViewType)type).Size;
        return (ref VBuffer<TItem> value) =>
        {
            var from = read();
            CheckLength(from.Length, size, where);
            from.CopyTo(ref value);
        };
    }

    private static void CheckLength(int? length, int size, string where)
    {
        if (size > 0 && length != size)
            throw new InvalidOperationException(
                $"{where} is {(length is { } items ? $"a vector of {items} items" : "null")}; its column type says {size}.");
    }

    private static ValueGetter<string> TextReader(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return (ref string value) =>
        {
            getter(ref text);
            value = text.ToString();
        };
    }

    private static ValueGetter<TItem[]> PlainArrayReader<TItem>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<TItem>>(column);
        VBuffer<TItem> vector = default;
        return (ref TItem[] value) =>
        {
            getter(ref vector);
            if (value?.Length != vector.Length)
                value = new TItem[vector.Length];
            vector.CopyTo(value.AsSpan());
        };
    }

    private static ValueGetter<TTo[]> ArrayReader<TFrom, TTo>(DataViewRow row, DataViewSchema.Column column, Fill<TFrom, TTo> fill)
    {
        var plain = PlainArrayReader<TFrom>(row, column);
        TFrom[] from = null;
        return (ref TTo[] value) =>
        {
            plain(ref from);
            if (value?.Length != from.Length)
                value = new TTo[from.Length];
            fill(from, value);
        };
    }

    // One less; 0, the missing key, becomes the greatest value, which is missing again on the way in.
    private static Delegate KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        switch (row.GetterOf(column))
        {
            case ValueGetter<byte> getter:
                return (ValueGetter<byte>)((ref byte value) => { getter(ref value); value = unchecked((byte)(value - 1)); });
            case ValueGetter<ushort> getter:
                return (ValueGetter<ushort>)((ref ushort value) => { getter(ref value); value = unchecked((ushort)(value - 1)); });
            case ValueGetter<uint> getter:
                return (ValueGetter<uint>)((ref uint value) => { getter(ref value); value = unchecked(value - 1); });
            case ValueGetter<ulong> getter:
                return (ValueGetter<ulong>)((ref ulong value) => { getter(ref value); value = unchecked(value - 1); });
            default:
                throw new InvalidOperationException($"Bug in MLPipelines: key column '{column.Name}' has values of {column.Type.RawType}.");
        }
    }

    private static Delegate Dispatch(string method, Type item, params object[] arguments) =>
        (Delegate)typeof(ObjectValues).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(item)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
}
