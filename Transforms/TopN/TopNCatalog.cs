using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>The n best classes, in a pipeline and out of its result.</summary>
public static class TopNCatalog
{
    /// <summary>Adds the n best classes of each row, the best first.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The added columns are <c>Label</c>, <c>Probability</c> and <c>Index</c> behind this name and a dot.</param>
    /// <param name="inputColumnName">The scores, a vector of Single of known size; null: the same name.</param>
    /// <param name="n">How many, at least 1; more than there are classes gives them all.</param>
    /// <param name="labels">
    /// The name of each class in the order of the scores; null: the column's slot names, else its <c>TrainingLabelValues</c>,
    /// else <c>KeyValues</c>, else the indices.
    /// </param>
    public static TopNEstimator TopN(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, int n = 5, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, inputColumnName, n, labels);
    }

    /// <summary>Reads the best classes that <see cref="TopN"/> added, row by row and lazily, as records.</summary>
    /// <param name="data">Rows with the added columns, made here or by a loaded model.</param>
    /// <param name="columnName">The output column name that was given to <see cref="TopN"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The columns are missing.</exception>
    public static IEnumerable<IReadOnlyList<Prediction>> ReadTopN(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        var label = Columns.Find(data.Schema, TopNTransformer.LabelColumn(columnName));
        var probability = Columns.Find(data.Schema, TopNTransformer.ProbabilityColumn(columnName));
        return Read(data, label, probability);
    }

    private static IEnumerable<IReadOnlyList<Prediction>> Read(IDataView data, DataViewSchema.Column label, DataViewSchema.Column probability)
    {
        using var cursor = data.GetRowCursor([label, probability]);
        var getLabels = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(label);
        var getProbabilities = cursor.GetGetter<VBuffer<float>>(probability);
        VBuffer<ReadOnlyMemory<char>> labels = default;
        VBuffer<float> probabilities = default;
        while (cursor.MoveToNext())
        {
            getLabels(ref labels);
            getProbabilities(ref probabilities);
            var best = labels.DenseValues().Zip(probabilities.DenseValues());
            yield return [.. best.Select((each, i) => new Prediction(each.First.ToString(), each.Second, i + 1))];
        }
    }
}
