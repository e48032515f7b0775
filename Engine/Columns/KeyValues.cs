using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The values that the keys 1, 2, 3, … of a column stand for.</summary>
internal abstract class KeyValues
{
    /// <summary>The type of a value.</summary>
    internal abstract PrimitiveDataViewType ItemType { get; }

    internal abstract int Count { get; }

    /// <summary>The values as text, each of which <see cref="Parse"/> reads back to the same value.</summary>
    internal abstract string[] ToText();

    /// <summary>A getter of a value column's keys: 0 for a value that has none.</summary>
    internal abstract ValueGetter<uint> KeyGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Adds the values as annotation <paramref name="kind"/>.</summary>
    internal abstract void Annotate(DataViewSchema.Annotations.Builder annotations, string kind);

    /// <summary>An empty list of values to gather into.</summary>
    /// <returns>Null for a type whose values cannot be keys.</returns>
    internal static KeyValues For(DataViewType type) => type switch
    {
        TextDataViewType => new TextKeyValues(),
        BooleanDataViewType => new KeyValues<bool>(BooleanDataViewType.Instance),
        NumberDataViewType number when number == NumberDataViewType.SByte => new KeyValues<sbyte>(number),
        NumberDataViewType number when number == NumberDataViewType.Byte => new KeyValues<byte>(number),
        NumberDataViewType number when number == NumberDataViewType.Int16 => new KeyValues<short>(number),
        NumberDataViewType number when number == NumberDataViewType.UInt16 => new KeyValues<ushort>(number),
        NumberDataViewType number when number == NumberDataViewType.Int32 => new KeyValues<int>(number),
        NumberDataViewType number when number == NumberDataViewType.UInt32 => new KeyValues<uint>(number),
        NumberDataViewType number when number == NumberDataViewType.Int64 => new KeyValues<long>(number),
        NumberDataViewType number when number == NumberDataViewType.UInt64 => new KeyValues<ulong>(number),
        NumberDataViewType number when number == NumberDataViewType.Single => new KeyValues<float>(number),
        NumberDataViewType number when number == NumberDataViewType.Double => new KeyValues<double>(number),
        _ => null,
    };

    /// <summary>Reads a column's distinct values in order of occurrence, up to <paramref name="maximum"/>.</summary>
    internal static KeyValues Gather(IDataView data, DataViewSchema.Column column, int maximum)
    {
        var values = For(column.Type);
        using var cursor = data.GetRowCursorFor(column.Index);
        values.AddAll(cursor, column, maximum);
        return values;
    }

    /// <summary>The values of a column's annotation <paramref name="kind"/>, or null where it has none.</summary>
    internal static KeyValues FromAnnotation(DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind) is not { Type: VectorDataViewType vector } || For(vector.ItemType) is not { } values)
            return null;
        values.AddAnnotation(annotations, kind);
        return values;
    }

    /// <summary>What <see cref="ToText"/> wrote.</summary>
    /// <param name="typeName">The name of the type, as its ToString gives it.</param>
    /// <param name="texts">The values.</param>
    /// <returns>Null when these cannot be such values.</returns>
    internal static KeyValues Parse(string typeName, string[] texts)
    {
        PrimitiveDataViewType[] types = [TextDataViewType.Instance, BooleanDataViewType.Instance, .. NumberDataViewType.All];
        var values = types.FirstOrDefault(type => type.ToString() == typeName) is { } type ? For(type) : null;
        return texts is not null && values?.TryAddTexts(texts) == true ? values : null;
    }

    /// <summary>Puts the values into ascending order.</summary>
    internal abstract void Sort();

    /// <summary>The same values as text.</summary>
    internal KeyValues AsText() => Parse(TextDataViewType.Instance.ToString(), ToText());

    private protected abstract void AddAll(DataViewRowCursor cursor, DataViewSchema.Column column, int maximum);

    private protected abstract void AddAnnotation(DataViewSchema.Annotations annotations, string kind);

    private protected abstract bool TryAddTexts(string[] texts);
}

/// <summary>Numbers or Booleans that keys stand for.</summary>
internal sealed class KeyValues<TItem>(PrimitiveDataViewType itemType) : KeyValues
    where TItem : IParsable<TItem>
{
    private readonly List<TItem> _items = [];
    private readonly Dictionary<TItem, uint> _keys = [];

    internal override PrimitiveDataViewType ItemType => itemType;

    internal override int Count => _items.Count;

    internal override string[] ToText() => [.. _items.Select(item => Convert.ToString(item, CultureInfo.InvariantCulture))];

    internal override ValueGetter<uint> KeyGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var getItem = row.GetGetter<TItem>(column);
        TItem item = default;
        return (ref uint key) =>
        {
            getItem(ref item);
            key = _keys.GetValueOrDefault(item);
        };
    }

    internal override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind)
    {
        TItem[] items = [.. _items];
        annotations.Add(kind, new VectorDataViewType(itemType, items.Length),
            (ref VBuffer<TItem> value) => new VBuffer<TItem>(items.Length, items).CopyTo(ref value));
    }

    internal override void Sort()
    {
        TItem[] sorted = [.. _items.Order()];
        _items.Clear();
        _keys.Clear();
        foreach (var item in sorted)
            Add(item);
    }

    private protected override void AddAll(DataViewRowCursor cursor, DataViewSchema.Column column, int maximum)
    {
        var getItem = cursor.GetGetter<TItem>(column);
        TItem item = default;
        while (Count < maximum && cursor.MoveNext())
        {
            getItem(ref item);
            Add(item);
        }
    }

    private protected override void AddAnnotation(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<TItem> items = default;
        annotations.GetValue(kind, ref items);
        foreach (var item in items.DenseValues())
            Add(item);
    }

    private protected override bool TryAddTexts(string[] texts) =>
        texts.All(text => TItem.TryParse(text, CultureInfo.InvariantCulture, out var item) && Add(item));

    // NaN is no value: it differs from itself.
    private bool Add(TItem item)
    {
        if (!EqualityComparer<TItem>.Default.Equals(item, item) || item is float.NaN or double.NaN || !_keys.TryAdd(item, (uint)Count + 1))
            return false;
        _items.Add(item);
        return true;
    }
}

/// <summary>Texts that keys stand for; empty text is no value.</summary>
internal sealed class TextKeyValues : KeyValues
{
    private readonly List<string> _items = [];
    private readonly Dictionary<string, uint> _keys = new(StringComparer.Ordinal);

    internal override PrimitiveDataViewType ItemType => TextDataViewType.Instance;

    internal override int Count => _items.Count;

    internal override string[] ToText() => [.. _items];

    internal override ValueGetter<uint> KeyGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var getText = row.GetGetter<ReadOnlyMemory<char>>(column);
        var keys = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlyMemory<char> text = default;
        return (ref uint key) =>
        {
            getText(ref text);
            key = keys.TryGetValue(text.Span, out var found) ? found : 0;
        };
    }

    internal override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind) => annotations.AddNames(kind, [.. _items]);

    internal override void Sort()
    {
        string[] sorted = [.. _items.Order(StringComparer.Ordinal)];
        _items.Clear();
        _keys.Clear();
        foreach (var item in sorted)
            Add(item);
    }

    private protected override void AddAll(DataViewRowCursor cursor, DataViewSchema.Column column, int maximum)
    {
        var getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        var known = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlyMemory<char> text = default;
        while (Count < maximum && cursor.MoveNext())
        {
            getText(ref text);
            if (!known.ContainsKey(text.Span))
                Add(text.ToString());
        }
    }

    private protected override void AddAnnotation(DataViewSchema.Annotations annotations, string kind)
    {
        foreach (var name in annotations.NamesOrNull(kind))
            Add(name);
    }

    private protected override bool TryAddTexts(string[] texts) => texts.All(text => text is not null && Add(text));

    private bool Add(string item)
    {
        if (item.Length == 0 || !_keys.TryAdd(item, (uint)Count + 1))
            return false;
        _items.Add(item);
        return true;
    }
}
