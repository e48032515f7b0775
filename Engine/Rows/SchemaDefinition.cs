using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The columns that the members of a class stand for; change them before use to rename a column, size a vector or add annotations.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition(Type userType) => UserType = userType;

    /// <summary>What the members are used for.</summary>
    [Flags]
    public enum Direction
    {
        /// <summary>Making rows out of objects.</summary>
        Read = 1,

        /// <summary>Making objects out of rows.</summary>
        Write = 2,

        /// <summary>Either.</summary>
        Both = Read | Write,
    }

    internal Type UserType { get; }

    /// <summary>The column of the given name, or of the member of that name when its column has been renamed; null when there is neither.</summary>
    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName) ?? Find(column => column.MemberName == columnName);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ColumnName = columnName;
            RemoveAll(column => column.ColumnName == columnName && column != value);
            if (!Contains(value))
                Add(value);
        }
    }

    /// <summary>
    /// The columns of a class: its public fields, then its public properties, without those marked <see cref="NoColumnAttribute"/>.
    /// </summary>
    /// <param name="userType">The class.</param>
    /// <param name="direction">Which properties count: those with a getter, with a setter, or with either.</param>
    /// <exception cref="ArgumentOutOfRangeException">A member is of a type that no column holds, or two members have one column name.</exception>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition(userType);
        foreach (var member in MembersOf(userType, direction))
        {
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition.Exists(column => column.ColumnName == name))
                throw new ArgumentOutOfRangeException(nameof(userType), $"Two members of {userType} stand for column '{name}'.");
            definition.Add(new Column(member, name));
        }
        return definition;
    }

    /// <summary>The schema of rows made from objects.</summary>
    internal DataViewSchema ToSchema() =>
        DataViewSchema.Of(this.Select(column => new DataViewSchema.DetachedColumn(column.ColumnName, column.ColumnType, column.Annotations)));

    private static IEnumerable<MemberInfo> MembersOf(Type type, Direction direction)
    {
        const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance;
        var properties = type.GetProperties(Visible).Where(property => property.GetIndexParameters().Length == 0 &&
            ((direction.HasFlag(Direction.Read) && property.GetGetMethod() is not null) ||
             (direction.HasFlag(Direction.Write) && property.GetSetMethod() is not null)));
        return type.GetFields(Visible).Concat<MemberInfo>(properties).Where(member => member.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    /// <summary>A member and its column.</summary>
    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();

        internal Column(MemberInfo member, string columnName) =>
            (Member, ColumnName, ColumnType) = (member, columnName, MemberTypes.ColumnTypeOf(member));

        internal MemberInfo Member { get; }

        /// <summary>The member's name.</summary>
        public string MemberName => Member.Name;

        /// <summary>The column's name.</summary>
        public string ColumnName { get; set; }

        /// <summary>The column's type; another size or key count may be set, its raw type must stay.</summary>
        /// <exception cref="ArgumentException">The member cannot hold the type's values.</exception>
        public DataViewType ColumnType
        {
            get;
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                if (value.RawType != MemberTypes.RawTypeOf(Member.TypeOf()))
                    throw new ArgumentException(
                        $"Member '{MemberName}' is {Member.TypeOf()} and cannot hold a column of type {value} ({value.RawType}).", nameof(value));
                field = value;
            }
        }

        internal DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        internal void AddAnnotations(DataViewSchema.Annotations annotations) => _annotations.Add(annotations, _ => true);

        /// <summary>Adds an annotation, such as the names of a key's categories.</summary>
        /// <typeparam name="T">The raw type, or a string or array where that is text or a vector.</typeparam>
        /// <param name="kind">Its name, such as <c>KeyValues</c>.</param>
        /// <param name="value">Its value, or an array for a vector.</param>
        /// <param name="annotationType">Its type.</param>
        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType) =>
            _annotations.Add(kind, annotationType, ObjectValues.CreateGetter(() => value, annotationType, $"Annotation '{kind}'"));
    }
}
