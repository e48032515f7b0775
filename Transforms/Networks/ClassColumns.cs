using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLPipelines.Transforms;

/// <summary>The columns <c>PredictedLabel</c> and <c>Score</c> that ML.NET's own trainers add, made by one of them.</summary>
/// <remarks>
/// Nothing public makes a key column with names, or a scored one with its annotations, that ML.NET could also save. Its maximum-entropy
/// model does: one step of its training on <see cref="ClassRows"/> gives every class the same weight for itself, a, and the same for all
/// others, b, as no class differs from another. The model then gives softmax((a − b) x + biases), which is softmax(z) for the
/// x = (z − biases) / (a − b) that <see cref="Scale"/> and <see cref="Biases"/> tell.
/// </remarks>
internal sealed class ClassColumns
{
    private ClassColumns(ITransformer transformer, float scale, float[] biases) => (Transformer, Scale, Biases) = (transformer, scale, biases);

    /// <summary>Adds both columns, reading x.</summary>
    public ITransformer Transformer { get; }

    /// <summary>a − b, above 0.</summary>
    public float Scale { get; }

    /// <summary>One for each class; almost 0.</summary>
    public IReadOnlyList<float> Biases { get; }

    /// <summary>The trainer of this feature and label column; its shapes and checks are what users of ML.NET know.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer Trainer(string features, string label, string? weight = null) =>
        new MLContext(seed: 1).MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = features,
            LabelColumnName = label,
            ExampleWeightColumnName = weight,
            L1Regularization = 0,
            L2Regularization = 0,
            MaximumNumberOfIterations = 1,
            NumberOfThreads = 1,
        });

    /// <summary>Makes the transformer.</summary>
    /// <param name="features">The column that it reads x from.</param>
    /// <param name="label">The label that was trained on; names and number of classes are its.</param>
    public static ClassColumns Of(string features, DataViewSchema.Column label)
    {
        var transformer = Trainer(features, label.Name).Fit(new ClassRows(features, label));
        VBuffer<float>[]? weights = null;
        transformer.Model.GetWeights(ref weights, out var classes);
        double own = 0, others = 0;
        for (var c = 0; c < classes; c++)
        {
            foreach (var (index, value) in weights[c].Items(all: true))
            {
                if (index == c) own += value;
                else others += value;
            }
        }

        var scale = (float)((own / classes) - (others / classes / (classes - 1)));
        return scale > 0
            ? new ClassColumns(transformer, scale, [.. transformer.Model.GetBiases()])
            : throw new InvalidOperationException(
                $"Bug in MLPipelines: a step of {nameof(LbfgsMaximumEntropyMulticlassTrainer)} led to a scale of {scale}.");
    }
}
