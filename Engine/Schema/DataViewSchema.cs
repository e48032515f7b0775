using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The columns of a view, in order. A later column hides an earlier one of the same name.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _visible;

    private DataViewSchema(IReadOnlyList<DetachedColumn> columns)
    {
        _visible = new Dictionary<string, int>(columns.Count);
        for (var index = 0; index < columns.Count; index++)
            _visible[columns[index].Name] = index;
        _columns = [.. columns.Select((column, index) =>
            new Column(column.Name, index, isHidden: _visible[column.Name] != index, column.Type, column.Annotations))];
    }

    internal static DataViewSchema Empty { get; } = new([]);

    internal static DataViewSchema Of(params IEnumerable<DetachedColumn> columns) => new([.. columns]);

    /// <summary>The number of columns, hidden ones included.</summary>
    public int Count => _columns.Length;

    /// <summary>The column at <paramref name="columnIndex"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public Column this[int columnIndex] => (uint)columnIndex < (uint)_columns.Length
        ? _columns[columnIndex]
        : throw new ArgumentOutOfRangeException(nameof(columnIndex), columnIndex, $"The schema has {Count} columns.");

    /// <summary>The visible column called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public Column this[string name] => GetColumnOrNull(name) ??
        throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found; there are: {this.NamesInWords()}.");

    /// <summary>The visible column called <paramref name="name"/>, or null.</summary>
    public Column? GetColumnOrNull(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _visible.TryGetValue(name, out var index) ? _columns[index] : null;
    }

    /// <summary>The columns in order, hidden ones included.</summary>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For instance <c>2 columns: {Label: String, Score: Vector&lt;Single, 3&gt;}</c>.</summary>
    public override string ToString() => $"{Count} columns: {{{string.Join(", ", _columns)}}}";

    /// <summary>A column within its schema.</summary>
    public readonly struct Column
    {
        internal Column(string name, int index, bool isHidden, DataViewType type, Annotations annotations) =>
            (Name, Index, IsHidden, Type, Annotations) = (name, index, isHidden, type, annotations);

        /// <summary>The name; not unique, see <see cref="IsHidden"/>.</summary>
        public string Name { get; }

        /// <summary>The place in the schema.</summary>
        public int Index { get; }

        /// <summary>Whether a later column of the same name hides this one.</summary>
        public bool IsHidden { get; }

        /// <summary>The type of its values.</summary>
        public DataViewType Type { get; }

        /// <summary>What is known about the column as a whole, such as the names of its keys or slots; never null.</summary>
        public Annotations Annotations { get; }

        /// <summary>For instance <c>Label: Key&lt;UInt32, 0-2&gt; {KeyValues: Vector&lt;String, 3&gt;}</c>.</summary>
        public override string ToString() =>
            $"{Name}: {Type}" +
            (Annotations is null or { Schema.Count: 0 } ? "" : $" {{{string.Join(", ", Annotations.Schema)}}}") +
            (IsHidden ? " (hidden)" : "");
    }

    /// <summary>A column that is in no schema yet.</summary>
    public readonly struct DetachedColumn
    {
        /// <summary>A column.</summary>
        /// <param name="name">Its name, not empty.</param>
        /// <param name="type">The type of its values.</param>
        /// <param name="annotations">What is known about it; null: nothing.</param>
        public DetachedColumn(string name, DataViewType type, Annotations annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(type);
            (Name, Type, Annotations) = (name, type, annotations ?? Annotations.Empty);
        }

        internal DetachedColumn(Column column) : this(column.Name, column.Type, column.Annotations)
        {
        }

        internal string Name { get; }

        internal DataViewType Type { get; }

        internal Annotations Annotations { get; }
    }
}
