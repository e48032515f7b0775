using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Trains a maximum-entropy classifier (multinomial logistic regression) with stochastic dual coordinate ascent.</summary>
/// <remarks>
/// <para>Minimises P(W, b) = (1/N) Σᵢ wᵢ · −ln softmax(W xᵢ + b)_{yᵢ} + λ · [ ½ (‖W‖² + ‖b‖²) + τ ‖W‖₁ ] over N rows. Unlike
/// <see cref="LbfgsMaximumEntropyMulticlassTrainer"/> the penalty is per row (λ here is λ₂/N there) and the biases are penalised too.</para>
/// <para>The log (<see cref="MLContext.Log"/>) has one message for each pass: its number, P and the duality gap. Same data and seed give the same bits,
/// whatever the number of threads, on processors with the same vector width.</para>
/// </remarks>
public sealed class SdcaMaximumEntropyMulticlassTrainer : SdcaMulticlassTrainerBase<MaximumEntropyModelParameters>
{
    private const double SmallestDefaultL2 = 1e-4;
    private const int DefaultPasses = 1000;

    internal SdcaMaximumEntropyMulticlassTrainer(MLContext context, Options options) : base(context, options)
    {
    }

    /// <summary>What the trainer can be told.</summary>
    public sealed class Options : MulticlassOptions
    {
    }

    private protected override MaximumEntropyModelParameters Train(TrainingRows rows, MaximumEntropyModelParameters warmStart)
    {
        var lambda = Settings.L2Regularization ?? Math.Max(1d / rows.Count, SmallestDefaultL2);
        var ascent = new SoftmaxDualAscent(
            rows, lambda, Settings.L1Regularization ?? 0, Settings.NumberOfThreads ?? Environment.ProcessorCount);
        var random = Context.CreateRandom(nameof(SdcaMaximumEntropyMulticlassTrainer));
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        for (var pass = 1; pass <= (Settings.MaximumNumberOfIterations ?? DefaultPasses); pass++)
        {
            if (Settings.Shuffle)
                random.Shuffle(order);
            ascent.Pass(order);
            var (primal, gap) = ascent.Measure();
            Write($"Iteration {pass}: loss {primal.ToString("G6", CultureInfo.InvariantCulture)}, duality gap {gap.ToString("G3", CultureInfo.InvariantCulture)}.");
            if (gap <= Settings.ConvergenceTolerance * primal)
                break;
        }
        return MaximumEntropyModelParameters.Of(ascent.Parameters, rows.ClassCount);
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> MakeTransformer(
        MaximumEntropyModelParameters model, DataViewSchema trainingSchema) => MulticlassOutput.Transformer(model, trainingSchema, FeatureColumn, LabelColumn);

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape.Column label) => MulticlassOutput.Columns(label);
}
