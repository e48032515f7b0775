using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The columns of a class, with its members compiled: no reflection while rows are read.</summary>
internal sealed class ObjectColumns<TRow>
    where TRow : class
{
    private readonly Func<Func<TRow>, Delegate>[] _getters;

    public ObjectColumns(SchemaDefinition definition = null)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        if (!definition.UserType.IsAssignableFrom(typeof(TRow)))
            throw new ArgumentException($"The schema definition is of {definition.UserType}, the rows are {typeof(TRow)}.", nameof(definition));
        Schema = definition.ToSchema();
        _getters = [.. definition.Select(GetterFactory)];
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getter of a column over the object that <paramref name="current"/> gives.</summary>
    public Delegate CreateGetter(int column, Func<TRow> current) => _getters[column](current);

    private static Func<Func<TRow>, Delegate> GetterFactory(SchemaDefinition.Column column)
    {
        var member = column.Member;
        if (member is PropertyInfo { CanRead: false })
            throw new ArgumentException($"Property '{member.Name}' of {typeof(TRow)} has no getter; rows cannot be made of it. Mark it [NoColumn].");
        return (Func<Func<TRow>, Delegate>)typeof(ObjectColumns<TRow>).GetMethod(nameof(TypedFactory), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(member.TypeOf()).Invoke(null, [member, column.ColumnType]);
    }

    private static Func<Func<TRow>, Delegate> TypedFactory<TMember>(MemberInfo member, DataViewType type)
    {
        var row = Expression.Parameter(typeof(TRow), "row");
        var read = Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, member), row).Compile();
        var where = $"Member '{member.Name}' of {typeof(TRow).Name}";
        return current => ObjectValues.CreateGetter(() => read(current()), type, where);
    }
}
