using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The annotations ML.NET gives meaning to, and short ways to make and read them.</summary>
internal static class AnnotationKinds
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreValueKind = "ScoreValueKind";
    public const string TrainingLabelValues = "TrainingLabelValues";

    /// <summary>Adds a vector of text, such as the names of classes.</summary>
    public static void AddNames(this DataViewSchema.Annotations.Builder builder, string kind, IReadOnlyList<string> names)
    {
        ReadOnlyMemory<char>[] values = [.. names.Select(name => name.AsMemory())];
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ref VBuffer<ReadOnlyMemory<char>> destination) => new VBuffer<ReadOnlyMemory<char>>(values.Length, values).CopyTo(ref destination));
    }

    /// <summary>Adds a text.</summary>
    public static void AddText(this DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, text.AsMemory());

    /// <summary>The names under <paramref name="kind"/>, or null when there are none or they are no text.</summary>
    public static string[] NamesOrNull(this DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind) is not { Type: VectorDataViewType { ItemType: TextDataViewType } })
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        annotations.GetValue(kind, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
