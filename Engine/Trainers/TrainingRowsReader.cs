using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Copies rows out of a view for training, and refuses those that nothing can be learned from.</summary>
internal static class TrainingRowsReader
{
    /// <param name="data">The rows.</param>
    /// <param name="featureColumnName">A vector of known size of <see cref="float"/>.</param>
    /// <param name="labelColumnName">A key of <see cref="uint"/>.</param>
    /// <param name="weightColumnName">A <see cref="float"/>; null: every row counts 1.</param>
    /// <exception cref="InvalidDataException">There are no rows or fewer than two classes, or a row is unusable.</exception>
    internal static TrainingRows Read(IDataView data, string featureColumnName, string labelColumnName, string weightColumnName)
    {
        var (feature, label) = (data.Schema.Require(featureColumnName, "feature"), data.Schema.Require(labelColumnName, "label"));
        var weight = weightColumnName is null ? null : data.Schema.GetColumnOrNull(weightColumnName);
        var classCount = ((KeyDataViewType)label.Type).Count;
        if (classCount < 2)
            throw new InvalidDataException($"Label column '{label.Name}' has {classCount} class; a classifier needs at least 2.");

        using var cursor = data.GetRowCursorFor([feature.Index, label.Index, .. weight is { } column ? [column.Index] : Array.Empty<int>()]);
        var features = FeatureReader.Of(cursor, feature);
        var getLabel = cursor.GetGetter<uint>(label);
        var getWeight = weight is { } present ? cursor.GetGetter<float>(present) : (ref float one) => one = 1;
        var rows = new TrainingRows(features.Count, checked((int)classCount));
        var (key, rowWeight) = (0u, 1f);
        while (cursor.MoveNext())
        {
            getLabel(ref key);
            if (key == 0 || key > classCount)
                throw Unusable(cursor, $"its label in column '{label.Name}' is {(key == 0 ? "missing" : $"key {key} of {classCount}")}");
            getWeight(ref rowWeight);
            if (!(rowWeight >= 0 && float.IsFinite(rowWeight)))
                throw Unusable(cursor, $"its weight in column '{weight?.Name}' is {rowWeight}, not a finite number of at least 0");
            var values = features.Read();
            if (!TensorPrimitives.IsFiniteAll(values))
                throw Unusable(cursor, $"feature {IndexOfNonFinite(values)} of column '{feature.Name}' is NaN or infinite");
            values.CopyTo(rows.Add((int)key - 1, rowWeight));
        }
        Check(rows, label);
        return rows;
    }

    private static void Check(TrainingRows rows, DataViewSchema.Column label)
    {
        if (rows.Count == 0)
            throw new InvalidDataException("There are no rows to train on.");
        var occurring = Enumerable.Range(0, rows.Count).Where(row => rows.Weights[row] > 0).Select(row => rows.Labels[row]).Distinct().Take(2).ToArray();
        if (occurring.Length == 0)
            throw new InvalidDataException($"All {rows.Count} rows have weight 0; there is nothing to train on.");
        if (occurring.Length == 1)
            throw new InvalidDataException(
                $"All {rows.Count} rows are of class {occurring[0]} (column '{label.Name}' has {rows.ClassCount} classes); a classifier needs rows of at least 2.");
    }

    private static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        var index = 0;
        while (float.IsFinite(values[index]))
            index++;
        return index;
    }

    private static InvalidDataException Unusable(DataViewRowCursor cursor, string why) =>
        new($"Row {cursor.Position} cannot be trained on: {why}. Mend the row or filter it out first.");
}
