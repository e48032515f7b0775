using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Gathers scores and true classes out of data views and fits a temperature to them.</summary>
internal sealed class CalibrationScores(string scoreColumnName, string labelColumnName)
{
    private readonly List<float> scores = [];
    private readonly List<int> labels = [];
    private int classes;

    /// <summary>Reads all rows once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">Rows have another number of scores than those before.</exception>
    public void Add(IDataView data)
    {
        var (column, type) = Columns.FindFloats(data.Schema, scoreColumnName);
        var label = Columns.Find(data.Schema, labelColumnName);
        if (labels.Count > 0 && type.Size != classes)
            throw new InvalidDataException(
                $"Column '{scoreColumnName}' has {type.Size} scores in one part of the rows and {classes} in another, where a classifier did not meet "
                + "all classes: map the labels to keys before the rows are divided, or divide them into fewer folds.");

        classes = type.Size;
        using var cursor = data.GetRowCursor([column, label]);
        var getScores = cursor.GetGetter<VBuffer<float>>(column);
        var getLabel = ClassLabels.Getter(cursor, label);
        VBuffer<float> row = default;
        while (cursor.MoveToNext())
        {
            if ((long)scores.Count + classes > Array.MaxLength)
                throw new NotSupportedException(
                    $"A temperature is fitted in memory, on at most {Array.MaxLength} scores: {Array.MaxLength / classes} rows of {classes}. Fit "
                    + "it on a sample, mlContext.Data.TakeRows.");
            getScores(ref row);
            var start = scores.Count;
            CollectionsMarshal.SetCount(scores, start + classes);
            row.CopyTo(CollectionsMarshal.AsSpan(scores)[start..]);
            labels.Add(getLabel());
        }
    }

    /// <summary>The temperature that fits all rows best; a doubt about it goes to <see cref="Trace"/> too.</summary>
    /// <exception cref="InvalidDataException">No row can be used, or the scores are said to be probabilities and are not.</exception>
    public TemperatureFit Fit(SoftmaxInput input, TemperatureFitOptions? options)
    {
        if (labels.Count == 0)
            throw new InvalidDataException(
                $"A temperature cannot be fitted: the data have no rows with '{scoreColumnName}' and '{labelColumnName}'.");
        var fit = TemperatureScaling.Fit(scores.ToArray(), labels.ToArray(), input: input, options: options);
        if (fit.Warning is { } warning)
            Trace.TraceWarning($"MLPipelines, temperature of column '{scoreColumnName}': {warning}");
        return fit;
    }
}
