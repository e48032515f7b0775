using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Names of classes, in and out of the annotations of score columns.</summary>
internal static class ClassNames
{
    private const string SlotNames = "SlotNames", TrainingLabelValues = "TrainingLabelValues", KeyValues = "KeyValues";

    /// <summary>
    /// The names of the classes that a score column has a score for: its <c>SlotNames</c>, else <c>TrainingLabelValues</c>, else
    /// <c>KeyValues</c>, if there are as many; where there is no name, the index from 0.
    /// </summary>
    public static IReadOnlyList<string> Of(DataViewSchema.Column scores, int classes)
    {
        var known = Annotated(scores.Annotations, SlotNames, classes)
            ?? Annotated(scores.Annotations, TrainingLabelValues, classes)
            ?? Annotated(scores.Annotations, KeyValues, classes);
        return [.. Enumerable.Range(0, classes).Select(i => known?[i] is { Length: > 0 } name ? name : i.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The names of a key column's values: its <c>KeyValues</c>; their numbers from 0 where it has none, or two of one name.</summary>
    public static IReadOnlyList<string> OfKey(DataViewSchema.Column key, int classes)
    {
        var known = Annotated(key.Annotations, KeyValues, classes);
        return known is not null && known.All(name => name.Length > 0) && known.Distinct(StringComparer.Ordinal).Count() == classes
            ? known
            : [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The annotations that ML.NET's own multiclass trainers give their score column.</summary>
    public static DataViewSchema.Annotations ScoreAnnotations(IReadOnlyList<string>? labels)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, "Score".AsMemory());
        if (labels is not null)
        {
            var names = labels.Select(label => label.AsMemory()).ToArray();
            var type = new VectorDataViewType(TextDataViewType.Instance, names.Length);
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter =
                (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value);
            builder.Add(TrainingLabelValues, type, getter);
            builder.Add(SlotNames, type, getter);
        }

        return builder.ToAnnotations();
    }

    private static string[]? Annotated(DataViewSchema.Annotations annotations, string kind, int classes) =>
        annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType type && type.Size == classes
            ? type.ItemType switch
            {
                TextDataViewType => Values<ReadOnlyMemory<char>>(annotations, kind),
                var item when item == NumberDataViewType.Single => Values<float>(annotations, kind),
                var item when item == NumberDataViewType.Double => Values<double>(annotations, kind),
                var item when item == NumberDataViewType.Byte => Values<byte>(annotations, kind),
                var item when item == NumberDataViewType.Int32 => Values<int>(annotations, kind),
                var item when item == NumberDataViewType.Int64 => Values<long>(annotations, kind),
                var item when item == NumberDataViewType.UInt32 => Values<uint>(annotations, kind),
                _ => null,
            }
            : null;

    private static string[] Values<T>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> values = default;
        annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
