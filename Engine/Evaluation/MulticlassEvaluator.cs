using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Checks the columns of a scored view and counts its rows.</summary>
internal static class MulticlassEvaluator
{
    internal static MulticlassClassificationMetrics Evaluate(
        MLContext context, IDataView data, string labelColumnName, string scoreColumnName, string predictedLabelColumnName, int topK)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        if (topK < 0)
            throw new ArgumentOutOfRangeException("topKPredictionCount", topK, "Must be non-negative");

        var label = Require(data.Schema, labelColumnName, "Label");
        var score = Require(data.Schema, scoreColumnName, "Score");
        // Its values are not read: the highest score decides. ML.NET wants the column to be there.
        Require(data.Schema, predictedLabelColumnName, "PredictedLabel");
        if (!LabelReader.CanRead(label.Type))
            throw Mismatch("label", label, "Single or Key");
        if (score.Type is not VectorDataViewType { Size: >= 2 } scoreType || scoreType.ItemType != NumberDataViewType.Single)
            throw Mismatch("score", score, "vector of two or more items of type Single");

        var tally = Count(data, label, score, new MulticlassTally(scoreType.Size, topK));
        Warn(context, tally);
        return new MulticlassClassificationMetrics(tally, score.Annotations.NamesOrNull(AnnotationKinds.SlotNames));
    }

    private static MulticlassTally Count(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, MulticlassTally tally)
    {
        using var cursor = data.GetRowCursorFor(label.Index, score.Index);
        var (readLabel, readScores) = (LabelReader.Of(cursor, label), cursor.GetGetter<VBuffer<float>>(score));
        VBuffer<float> scores = default;
        var classCount = ((VectorDataViewType)score.Type).Size;
        var dense = new float[classCount];
        while (cursor.MoveNext())
        {
            readScores(ref scores);
            if (scores.Length != classCount)
                throw new InvalidDataException($"Row {cursor.Position} has {scores.Length} scores in column '{score.Name}'; its type says {classCount}.");
            scores.CopyTo(dense);
            tally.Add(readLabel(), dense);
        }
        return tally;
    }

    private static void Warn(MLContext context, MulticlassTally tally)
    {
        void Write(long rows, string what)
        {
            if (rows > 0)
                context.Write(ChannelMessageKind.Warning, "MulticlassEvaluator", $"{rows} {(rows == 1 ? "row" : "rows")} {what}.");
        }
        Write(tally.RowsWithoutLabel, "left out of the evaluation: the label is missing, negative or fractional");
        Write(tally.RowsWithoutScore, "left out of the evaluation: a score is NaN or infinite");
        Write(tally.RowsOfUnknownClass, $"counted as wrong: the label is beyond the {tally.Counts.Length} classes of the scores");
    }

    private static DataViewSchema.Column Require(DataViewSchema schema, string name, string role) =>
        schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(schema), $"{role} column '{name}' not found");

    private static ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        new("schema", $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");
}
