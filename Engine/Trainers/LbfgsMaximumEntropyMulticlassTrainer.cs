using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Trains a maximum-entropy classifier (multinomial logistic regression) with L-BFGS.</summary>
/// <remarks>
/// <para>Minimises F(W, b) = (1/N) · [ Σᵢ wᵢ · −ln softmax(W xᵢ + b)_{yᵢ} + λ₁ · Σₖ ‖Wₖ‖₁ + (λ₂/2) · Σₖ ‖Wₖ‖² ] over N rows; biases are free. With λ₁ = 0
/// that is scikit-learn's <c>LogisticRegression(C = 1/λ₂)</c>. Since the penalties do not grow with the number of rows, the defaults of 1 are weak
/// for tens of thousands of rows and strong for tens.</para>
/// <para>Same data and seed give the same bits, whatever the number of threads, on processors with the same vector width. Where λ₁ = λ₂ = 0 and the
/// classes can be separated there is no minimum; the weights grow until the tolerance stops them.</para>
/// <para>The log (<see cref="MLContext.Log"/>) has one message for each iteration: its number and F.</para>
/// </remarks>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : LbfgsTrainerBase<
    LbfgsMaximumEntropyMulticlassTrainer.Options,
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>,
    MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(MLContext context, Options options) : base(context, options)
    {
    }

    /// <summary>What the trainer can be told.</summary>
    public sealed class Options : OptionsBase
    {
    }

    /// <summary>Learns, starting from a model of the same classes and features instead of from 0.</summary>
    /// <param name="trainData">The rows.</param>
    /// <param name="modelParameters">The model to start from; null: none.</param>
    /// <exception cref="ArgumentException">The model has other numbers of classes or features.</exception>
    /// <inheritdoc cref="TrainerEstimatorBase{TTransformer, TModel}.Fit(IDataView)" path="/exception"/>
    public new MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView trainData, MaximumEntropyModelParameters modelParameters) =>
        base.Fit(trainData, modelParameters);

    private protected override MaximumEntropyModelParameters Train(TrainingRows rows, MaximumEntropyModelParameters warmStart)
    {
        var loss = new SoftmaxLoss(rows, Settings.L2Regularization, Settings.NumberOfThreads ?? Environment.ProcessorCount);
        var parameters = warmStart is null ? RandomStart(loss) : StartFrom(warmStart, rows, loss);
        if (Settings.EnforceNonNegativity)
            TensorPrimitives.Max(parameters.AsSpan(0, loss.WeightCount), 0, parameters.AsSpan(0, loss.WeightCount));
        var minimizer = new OrthantWiseLbfgs
        {
            HistorySize = Settings.HistorySize,
            Tolerance = Settings.OptimizationTolerance,
            MaximumIterations = Settings.MaximumNumberOfIterations,
            L1 = Settings.L1Regularization / (double)rows.Count,
            NonNegative = Settings.EnforceNonNegativity,
            BentCoordinates = loss.WeightCount,
            Report = (iteration, value) => Tell($"Iteration {iteration}: loss {value.ToString("G6", CultureInfo.InvariantCulture)}."),
        };
        var (value, iterations) = minimizer.Minimize(loss.Evaluate, parameters);
        Tell($"Finished after {iterations} iterations: loss {value.ToString("G9", CultureInfo.InvariantCulture)}.");
        return MaximumEntropyModelParameters.Of(parameters, rows.ClassCount);
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> MakeTransformer(
        MaximumEntropyModelParameters model, DataViewSchema trainingSchema) => MulticlassOutput.Transformer(model, trainingSchema, FeatureColumn, LabelColumn);

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape.Column label) => MulticlassOutput.Columns(label);

    private double[] RandomStart(SoftmaxLoss loss)
    {
        var parameters = new double[loss.ParameterCount];
        if (Settings.InitialWeightsDiameter > 0)
        {
            var random = Context.CreateRandom(nameof(LbfgsMaximumEntropyMulticlassTrainer));
            foreach (ref var weight in parameters.AsSpan(0, loss.WeightCount))
                weight = (random.NextDouble() - 0.5) * Settings.InitialWeightsDiameter;
        }
        return parameters;
    }

    private static double[] StartFrom(MaximumEntropyModelParameters model, TrainingRows rows, SoftmaxLoss loss)
    {
        var scorer = (IMulticlassScorer)model;
        if (scorer.ClassCount != rows.ClassCount || scorer.FeatureCount != rows.FeatureCount)
        {
            throw new ArgumentException(
                $"The model to start from has {scorer.ClassCount} classes and {scorer.FeatureCount} features; the data have {rows.ClassCount} and {rows.FeatureCount}.",
                "modelParameters");
        }
        VBuffer<float>[] weights = null;
        model.GetWeights(ref weights, out _);
        return [.. weights.SelectMany(row => row.DenseValues()).Select(value => (double)value), .. model.GetBiases()];
    }

    private void Tell(string message)
    {
        if (!Settings.Quiet)
            Write(message);
    }
}
