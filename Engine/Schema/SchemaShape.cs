using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What an estimator knows of the columns before there is data: names and kinds, but no sizes.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private readonly Column[] _columns;

    /// <summary>A shape of the given columns.</summary>
    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
    }

    internal static SchemaShape Empty { get; } = new([]);

    /// <summary>The shape of a schema's visible columns.</summary>
    internal static SchemaShape Create(DataViewSchema schema) =>
        new(schema.Where(column => !column.IsHidden).Select(column => Column.Of(column.Name, column.Type, Create(column.Annotations.Schema))));

    /// <summary>This shape with columns added; a column of the same name is replaced in its place.</summary>
    internal SchemaShape With(params ReadOnlySpan<Column> added)
    {
        List<Column> columns = [.. _columns];
        foreach (var column in added)
        {
            var name = column.Name;
            var old = columns.FindIndex(existing => existing.Name == name);
            if (old < 0)
                columns.Add(column);
            else
                columns[old] = column;
        }
        return new SchemaShape(columns);
    }

    internal Column? Find(string name) => _columns.Where(column => column.Name == name).Select(column => (Column?)column).FirstOrDefault();

    /// <summary>The column an estimator reads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of this name.</exception>
    internal Column Require(string name, string role = "input") =>
        Find(name) ?? throw ColumnErrors.Missing(name, role, _columns.Select(column => column.Name));

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>The column at <paramref name="index"/>.</summary>
    public Column this[int index] => _columns[index];

    /// <summary>The columns in order.</summary>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A column's name and kind.</summary>
    public readonly struct Column
    {
        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            (Name, Kind, ItemType, IsKey, Annotations) = (name, kind, itemType, isKey, annotations ?? Empty);
        }

        /// <summary>Whether a column is a vector.</summary>
        public enum VectorKind
        {
            /// <summary>No vector.</summary>
            Scalar = 0,

            /// <summary>A vector of the same size in every row.</summary>
            Vector = 1,

            /// <summary>A vector whose size varies from row to row.</summary>
            VariableVector = 2,
        }

        /// <summary>The name.</summary>
        public readonly string Name;

        /// <summary>Whether it is a vector.</summary>
        public readonly VectorKind Kind;

        /// <summary>The type of the value, or of the vector's items; for keys the plain integer.</summary>
        public readonly DataViewType ItemType;

        /// <summary>Whether the values or items are keys.</summary>
        public readonly bool IsKey;

        /// <summary>The kinds of annotations the column will have.</summary>
        public readonly SchemaShape Annotations;

        /// <summary>The shape of a column of a known type.</summary>
        internal static Column Of(string name, DataViewType type, SchemaShape annotations = null)
        {
            var kind = type is VectorDataViewType vector ? vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector : VectorKind.Scalar;
            var item = type is VectorDataViewType { ItemType: var itemType } ? itemType : type;
            return item is KeyDataViewType
                ? new Column(name, kind, NumberDataViewType.All.Single(number => number.RawType == item.RawType), isKey: true, annotations)
                : new Column(name, kind, item, isKey: false, annotations);
        }

        /// <summary>The same column under another name.</summary>
        internal Column Named(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        /// <summary>
        /// The type in words, as error messages give it: <c>Vector&lt;Single&gt;</c>, <c>VarVector&lt;Single&gt;</c>, <c>Key&lt;UInt32&gt;</c>.
        /// </summary>
        internal string TypeInWords()
        {
            var item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
            return Kind switch { VectorKind.Vector => $"Vector<{item}>", VectorKind.VariableVector => $"VarVector<{item}>", _ => item };
        }
    }
}
