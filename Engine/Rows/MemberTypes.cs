using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which column type a member of a row class has.</summary>
internal static class MemberTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> Primitives = new PrimitiveDataViewType[]
    {
        TextDataViewType.Instance, BooleanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
        TimeSpanDataViewType.Instance, RowIdDataViewType.Instance,
    }.Concat(NumberDataViewType.All).ToDictionary(type => type.RawType);

    public static Type TypeOf(this MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The column type of a member by its .NET type and attributes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static DataViewType ColumnTypeOf(MemberInfo member)
    {
        var type = member.TypeOf();
        var attribute = member.GetCustomAttributes<DataViewTypeAttribute>().SingleOrDefault();
        if (DataViewTypeManager.GetOrNull(type, attribute) is { } registered)
            return registered;

        var itemType = RawItemTypeOf(type);
        if (!Primitives.TryGetValue(itemType ?? RawTypeOf(type), out var primitive))
            throw NoColumnType(member, type);
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(primitive.RawType))
                throw new ArgumentOutOfRangeException(nameof(member),
                    $"Member '{member.Name}' of {member.DeclaringType} is a [KeyType] but {type}; keys are byte, ushort, uint or ulong.");
            primitive = new KeyDataViewType(primitive.RawType, key.Count ?? KeyDataViewType.MaximumCount(primitive.RawType));
        }
        var dimensions = member.GetCustomAttribute<VectorTypeAttribute>()?.Dimensions;
        if (itemType is not null)
            return new VectorDataViewType(primitive, dimensions ?? [0]);
        return dimensions is null
            ? primitive
            : throw new ArgumentOutOfRangeException(nameof(member),
                $"Member '{member.Name}' of {member.DeclaringType} is a [VectorType] but {type}; vectors are arrays or VBuffer<T>.");
    }

    /// <summary>The raw type that a column of the member's .NET type must have, whatever its size or key count.</summary>
    public static Type RawTypeOf(Type memberType) =>
        memberType == typeof(string) ? typeof(ReadOnlyMemory<char>)
        : RawItemTypeOf(memberType) is { } item ? typeof(VBuffer<>).MakeGenericType(item)
        : memberType;

    /// <summary>
    /// The raw type of the items of an array or <see cref="VBuffer{T}"/>, or null. Text in an array is strings, in a buffer memory.
    /// </summary>
    private static Type RawItemTypeOf(Type type) =>
        type.IsSZArray ? RawTypeOf(type.GetElementType())
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GenericTypeArguments[0]
        : null;

    private static ArgumentOutOfRangeException NoColumnType(MemberInfo member, Type type) => new(nameof(member),
        $"Member '{member.Name}' of {member.DeclaringType} is {type}, which no column type holds. Use a number, bool, string, DateTime, " +
        "DateTimeOffset, TimeSpan, an array or VBuffer<T> of one of these, a type registered with DataViewTypeManager, or mark it [NoColumn].");
}
