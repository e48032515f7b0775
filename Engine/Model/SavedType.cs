using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>A column type in a model file.</summary>
/// <param name="Name">The primitive's name (<c>Single</c>, <c>String</c>, …), <c>Key</c>, <c>Vector</c>, or the name of a structured type.</param>
/// <param name="Item">A vector's items; a key's integer.</param>
/// <param name="Count">A key's categories.</param>
/// <param name="Dimensions">A vector's dimensions; a structured type's own numbers.</param>
internal sealed record SavedType(string Name, SavedType Item = null, ulong? Count = null, int[] Dimensions = null)
{
    private static readonly Dictionary<string, PrimitiveDataViewType> Primitives = new PrimitiveDataViewType[]
    {
        TextDataViewType.Instance, BooleanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
        TimeSpanDataViewType.Instance, RowIdDataViewType.Instance,
    }.Concat(NumberDataViewType.All).ToDictionary(type => type.ToString());

    // The structured types beside vectors: their numbers, and the type of given numbers.
    private static readonly (string Name, Func<DataViewType, int[]> NumbersOrNull, Func<int[], DataViewType> Of)[] Structured =
    [
        ("Image",
            type => type is ImageDataViewType image ? [image.Height, image.Width] : null,
            size => size switch
            {
                [0, 0] => new ImageDataViewType(),
                [var height, var width] => new ImageDataViewType(height, width),
                _ => throw new FormatException("an image's size is its height and width"),
            }),
    ];

    /// <summary>The saved form of a type, or null when only other code knows it.</summary>
    public static SavedType OfOrNull(DataViewType type) => type switch
    {
        KeyDataViewType key => new SavedType("Key", new SavedType(key.RawType.Name), key.Count),
        VectorDataViewType vector => OfOrNull(vector.ItemType) is { } item ? new SavedType("Vector", item, Dimensions: [.. vector.Dimensions]) : null,
        PrimitiveDataViewType when Primitives.ContainsKey(type.ToString()) => new SavedType(type.ToString()),
        _ => Structured.Select(entry => entry.NumbersOrNull(type) is { } numbers ? new SavedType(entry.Name, Dimensions: numbers) : null)
            .FirstOrDefault(saved => saved is not null),
    };

    /// <exception cref="FormatException">There is no such type.</exception>
    /// <exception cref="ArgumentException">Its numbers are out of range.</exception>
    public DataViewType ToDataViewType() => Name switch
    {
        "Key" => new KeyDataViewType(Item.ToDataViewType().RawType, Count ?? 0),
        "Vector" => new VectorDataViewType(
            Item.ToDataViewType() as PrimitiveDataViewType ?? throw new FormatException($"a vector's items are {Item.Name}"), Dimensions),
        _ when Primitives.TryGetValue(Name, out var primitive) => primitive,
        _ => Structured.FirstOrDefault(entry => entry.Name == Name).Of?.Invoke(Dimensions)
            ?? throw new FormatException($"column type '{Name}' is unknown"),
    };
}
