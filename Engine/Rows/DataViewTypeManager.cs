namespace Microsoft.ML.Data;

/// <summary>Which column type a .NET type of one's own stands for.</summary>
/// <remarks>Process-wide and thread-safe.</remarks>
public static class DataViewTypeManager
{
    private static readonly Lock Gate = new();
    private static readonly List<(Type Type, DataViewTypeAttribute Attribute, DataViewType DataViewType)> Registered = [];

    /// <summary>
    /// Makes members of <paramref name="type"/> that carry <paramref name="typeAttribute"/> columns of <paramref name="dataViewType"/>.
    /// </summary>
    /// <param name="dataViewType">The column type; its raw type is <paramref name="type"/>.</param>
    /// <param name="type">The member's .NET type.</param>
    /// <param name="typeAttribute">Tells apart column types of one .NET type; null: members without such an attribute.</param>
    /// <exception cref="ArgumentException">The raw type is another, or the pair is registered for another column type.</exception>
    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        ArgumentNullException.ThrowIfNull(dataViewType);
        ArgumentNullException.ThrowIfNull(type);
        if (dataViewType.RawType != type)
            throw new ArgumentException($"The column type {dataViewType} has values of {dataViewType.RawType}, not of {type}.", nameof(type));
        lock (Gate)
        {
            if (Find(type, typeAttribute) is not { } known)
                Registered.Add((type, typeAttribute, dataViewType));
            else if (!known.Equals(dataViewType))
            {
                throw new ArgumentException(
                    $"{type} is registered as {known} already; it cannot also be {dataViewType} without an attribute that tells them apart.",
                    nameof(type));
            }
        }
    }

    /// <summary>The registered column type, or null.</summary>
    internal static DataViewType GetOrNull(Type type, DataViewTypeAttribute attribute)
    {
        attribute?.Register();
        lock (Gate)
            return Find(type, attribute);
    }

    private static DataViewType Find(Type type, DataViewTypeAttribute attribute) =>
        Registered.FirstOrDefault(entry => entry.Type == type && (entry.Attribute?.Equals(attribute) ?? attribute is null)).DataViewType;
}
