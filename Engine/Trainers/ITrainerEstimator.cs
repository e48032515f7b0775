namespace Microsoft.ML.Trainers;

/// <summary>An estimator that learns a model of a label.</summary>
/// <typeparam name="TTransformer">What it makes.</typeparam>
/// <typeparam name="TModel">What is learned.</typeparam>
public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
    where TTransformer : IPredictionTransformer<TModel>
    where TModel : class
{
    /// <summary>What the trainer likes its data to be.</summary>
    TrainerInfo Info { get; }
}
