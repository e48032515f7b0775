using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer that maximises the dual of its objective one row at a time. For this assembly's own trainers.</summary>
public abstract class SdcaTrainerBase<TOptions, TTransformer, TModel> : StochasticTrainerBase<TTransformer, TModel>
    where TOptions : SdcaTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected SdcaTrainerBase(MLContext context, TOptions options) : base(context, options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.L2Regularization ?? 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.L1Regularization ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ConvergenceTolerance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaximumNumberOfIterations ?? 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.NumberOfThreads ?? 1);
        Settings = options;
    }

    private protected TOptions Settings { get; }

    /// <summary>What dual coordinate ascent trainers can be told.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        private protected OptionsBase()
        {
        }

        /// <summary>λ of the objective, above 0; null: 1 / rows, but at least 10⁻⁴. The smaller it is the longer training takes.</summary>
        public float? L2Regularization;

        /// <summary>τ of the objective, at least 0: how far weights are drawn towards 0, as a multiple of λ; null: 0.</summary>
        public float? L1Regularization;

        /// <summary>Training ends when the duality gap is not above this share of the objective. The gap bounds the distance to the optimum.</summary>
        public float ConvergenceTolerance = 0.1f;

        /// <summary>Training ends after so many passes over the rows at the latest; null: 1000.</summary>
        public int? MaximumNumberOfIterations;

        /// <summary>Whether each pass takes the rows in another random order; else in their own.</summary>
        public bool Shuffle = true;

        /// <summary>Threads that measure the objective, null: all processors. The steps are taken by one; the result does not depend on it.</summary>
        public int? NumberOfThreads;
    }
}

/// <summary>A classifier's trainer that maximises the dual of its objective. For this assembly's own trainers.</summary>
public abstract class SdcaMulticlassTrainerBase<TModel>
    : SdcaTrainerBase<SdcaMulticlassTrainerBase<TModel>.MulticlassOptions, MulticlassPredictionTransformer<TModel>, TModel>
    where TModel : class
{
    private protected SdcaMulticlassTrainerBase(MLContext context, MulticlassOptions options) : base(context, options)
    {
    }

    /// <summary>What these trainers can be told.</summary>
    public class MulticlassOptions : OptionsBase
    {
    }
}
