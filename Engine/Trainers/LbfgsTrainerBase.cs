namespace Microsoft.ML.Trainers;

/// <summary>A trainer that minimises its objective with L-BFGS. For this assembly's own trainers.</summary>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected LbfgsTrainerBase(MLContext context, TOptions options) : base(context, options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.L1Regularization);
        ArgumentOutOfRangeException.ThrowIfNegative(options.L2Regularization);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.OptimizationTolerance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.HistorySize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaximumNumberOfIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(options.InitialWeightsDiameter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.NumberOfThreads ?? 1);
        Settings = options;
    }

    /// <inheritdoc/>
    public override TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);

    private protected TOptions Settings { get; }

    /// <summary>What L-BFGS trainers can be told.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        private protected OptionsBase()
        {
        }

        /// <summary>λ₁ of the objective, at least 0; it makes weights exactly 0.</summary>
        public float L1Regularization = 1;

        /// <summary>λ₂ of the objective, at least 0; it keeps weights small.</summary>
        public float L2Regularization = 1;

        /// <summary>Training ends when the objective's relative improvement, averaged over five iterations, is not above this; above 0.</summary>
        public float OptimizationTolerance = 1e-7f;

        /// <summary>How many past iterations the curvature is estimated from; at least 1.</summary>
        public int HistorySize = 20;

        /// <summary>Training ends after so many iterations at the latest; at least 1.</summary>
        public int MaximumNumberOfIterations = int.MaxValue;

        /// <summary>The weights start at random between minus and plus half of this; 0: at 0.</summary>
        public float InitialWeightsDiameter;

        /// <summary>Whether weights (not biases) must not be negative.</summary>
        public bool EnforceNonNegativity;

        /// <summary>Threads to use, null: all processors. The result does not depend on it.</summary>
        public int? NumberOfThreads;

        /// <summary>Whether nothing is written to the log while training.</summary>
        public bool Quiet;
    }
}
