using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which columns go into which members of a class, with the members compiled.</summary>
internal sealed class ObjectMembers<TRow>
    where TRow : class
{
    private readonly (DataViewSchema.Column Column, Func<DataViewRow, Action<TRow>> Factory)[] _members;

    /// <exception cref="ArgumentOutOfRangeException">A member's column is missing and must not be.</exception>
    /// <exception cref="InvalidOperationException">A member cannot hold its column's values.</exception>
    public ObjectMembers(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition = null)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        List<(DataViewSchema.Column, Func<DataViewRow, Action<TRow>>)> members = [];
        foreach (var member in definition)
        {
            if (schema.GetColumnOrNull(member.ColumnName) is { } column)
                members.Add((column, WriterFactory(column, member)));
            else if (!ignoreMissingColumns)
                throw new ArgumentOutOfRangeException("Schema",
                    $"Could not find column '{member.ColumnName}' for member '{member.MemberName}' of {typeof(TRow).Name}; there are: " +
                    $"{schema.NamesInWords()}.");
        }
        _members = [.. members];
    }

    /// <summary>The columns that are read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _members.Select(member => member.Column);

    /// <summary>Fills objects from a row that moves.</summary>
    public Action<TRow> CreateWriter(DataViewRow row)
    {
        var writers = _members.Select(member => member.Factory(row)).ToArray();
        return target =>
        {
            foreach (var write in writers)
                write(target);
        };
    }

    private static Func<DataViewRow, Action<TRow>> WriterFactory(DataViewSchema.Column column, SchemaDefinition.Column target)
    {
        var member = target.Member;
        if (column.Type.RawType != MemberTypes.RawTypeOf(member.TypeOf()))
            throw new InvalidOperationException(
                $"Column '{column.Name}' of type {column.Type} ({column.Type.RawType}) cannot be read into member '{member.Name}' of " +
                $"{typeof(TRow).Name}, which is {member.TypeOf()}.");
        if (member is PropertyInfo { CanWrite: false } or FieldInfo { IsInitOnly: true })
            throw new InvalidOperationException(
                $"Member '{member.Name}' of {typeof(TRow).Name} cannot be written. Give it a setter, or mark it [NoColumn].");
        return (Func<DataViewRow, Action<TRow>>)typeof(ObjectMembers<TRow>)
            .GetMethod(nameof(TypedFactory), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(member.TypeOf()).Invoke(null, [column, target]);
    }

    private static Func<DataViewRow, Action<TRow>> TypedFactory<TMember>(DataViewSchema.Column column, SchemaDefinition.Column target)
    {
        var (row, value) = (Expression.Parameter(typeof(TRow), "row"), Expression.Parameter(typeof(TMember), "value"));
        var access = Expression.MakeMemberAccess(row, target.Member);
        var write = Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(access, value), row, value).Compile();
        // What the member holds is filled in place where it can be: no new array per row when objects are used again.
        var read = target.Member is PropertyInfo { CanRead: false } || !typeof(TMember).IsSZArray && !IsBuffer(typeof(TMember))
            ? _ => default
            : Expression.Lambda<Func<TRow, TMember>>(access, row).Compile();
        var keysFromZero = target.ColumnType is KeyDataViewType;
        return source =>
        {
            var reader = ObjectValues.CreateReader<TMember>(source, column, keysFromZero);
            return target =>
            {
                var current = read(target);
                reader(ref current);
                write(target, current);
            };
        };
    }

    private static bool IsBuffer(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
}
