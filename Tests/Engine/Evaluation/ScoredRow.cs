using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine.Evaluation;

/// <summary>A row as a classifier leaves it.</summary>
internal sealed class ScoredRow
{
    [KeyType(1)]
    public uint Label { get; set; }

    [KeyType(1)]
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float Weight { get; set; } = 1;

    /// <summary>A view of rows given by their raw key (from 1; 0: missing) and scores.</summary>
    /// <param name="classes">The size of the score vector.</param>
    /// <param name="keys">How many classes the label can have.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="names">What the classes are called.</param>
    public static IDataView View(int classes, int keys, IEnumerable<(uint Key, float[] Scores)> rows, string[]? names = null)
    {
        var definition = SchemaDefinition.Create(typeof(ScoredRow));
        definition[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), keys);
        definition[nameof(PredictedLabel)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        definition[nameof(Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        if (names is not null)
            definition[nameof(Score)].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, names.Length));
        // A key member is counted from 0; what is beyond the last class is missing.
        return new MLContext().Data.LoadFromEnumerable(
            rows.Select(row => new ScoredRow { Label = row.Key - 1, Score = row.Scores, PredictedLabel = 0 }).ToList(), definition);
    }

    public static MulticlassClassificationMetrics Evaluate(int classes, int keys, IEnumerable<(uint Key, float[] Scores)> rows, int topK = 0,
        string[]? names = null) =>
        new MLContext().MulticlassClassification.Evaluate(View(classes, keys, rows, names), topKPredictionCount: topK);
}
