using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Applies a classifier: adds <c>PredictedLabel</c>, the key of the highest score, and <c>Score</c>, one score for each class.</summary>
/// <remarks>
/// Among equal scores the lower class wins. Where a score is NaN the predicted label is missing. The classes' names, if the training label had
/// them, are the <c>KeyValues</c> of <c>PredictedLabel</c> and the <c>SlotNames</c> of <c>Score</c>.
/// </remarks>
/// <typeparam name="TModel">What was learned.</typeparam>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly KeyValues _classes;
    private readonly IMulticlassScorer _scorer;

    /// <param name="model">An <see cref="IMulticlassScorer"/>.</param>
    /// <param name="featureColumnName">The feature column.</param>
    /// <param name="featureColumnType">Its type in training.</param>
    /// <param name="classes">What the keys of the training label stood for; null: not known.</param>
    internal MulticlassPredictionTransformer(TModel model, string featureColumnName, DataViewType featureColumnType, KeyValues classes)
        : base(model, featureColumnName, featureColumnType) => (_classes, _scorer) = (classes, (IMulticlassScorer)model);

    private protected override void SaveModel(ModelSaveContext ctx) =>
        MaximumEntropyPart.Save(ctx, FeatureColumnName, (VectorDataViewType)FeatureColumnType, _scorer, _classes);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema, DataViewSchema.Column feature) =>
        new MulticlassScoreMapper(schema, feature, _scorer, _classes);
}
