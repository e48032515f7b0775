using System.Reflection;
using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Values of annotations in a model file: numbers, text, times, and vectors of them.</summary>
internal static class SavedValue
{
    public static bool CanSave(DataViewType type) =>
        type is VectorDataViewType { ItemType: not RowIdDataViewType } or PrimitiveDataViewType and not RowIdDataViewType;

    public static JsonElement Write(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation) =>
        Dispatch<JsonElement>(
            annotation.Type is VectorDataViewType ? nameof(WriteVector) : nameof(WriteScalar), annotation.Type, annotations, annotation.Name);

    /// <exception cref="JsonException">The value is not of the type.</exception>
    public static Delegate CreateGetter(DataViewType type, JsonElement value) =>
        type is VectorDataViewType vector
            ? Dispatch<Delegate>(nameof(VectorGetter), type, value, vector.Size)
            : Dispatch<Delegate>(nameof(ScalarGetter), type, value);

    private static JsonElement WriteScalar<TItem>(DataViewSchema.Annotations annotations, string kind)
    {
        TItem value = default;
        annotations.GetValue(kind, ref value);
        return JsonSerializer.SerializeToElement(value, ModelArchive.Json);
    }

    private static JsonElement WriteVector<TItem>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<TItem> vector = default;
        annotations.GetValue(kind, ref vector);
        return JsonSerializer.SerializeToElement(vector.DenseValues().ToArray(), ModelArchive.Json);
    }

    private static ValueGetter<TItem> ScalarGetter<TItem>(JsonElement value)
    {
        var item = value.Deserialize<TItem>(ModelArchive.Json);
        return (ref TItem destination) => destination = item;
    }

    private static ValueGetter<VBuffer<TItem>> VectorGetter<TItem>(JsonElement value, int size)
    {
        var items = value.Deserialize<TItem[]>(ModelArchive.Json) ?? throw new JsonException("a vector is null");
        if (size > 0 && items.Length != size)
            throw new JsonException($"a vector of {size} items has {items.Length}");
        return (ref VBuffer<TItem> destination) => new VBuffer<TItem>(items.Length, items).CopyTo(ref destination);
    }

    private static TResult Dispatch<TResult>(string method, DataViewType type, params object[] arguments) =>
        (TResult)typeof(SavedValue).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
}
