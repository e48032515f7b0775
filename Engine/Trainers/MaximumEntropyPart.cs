using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Trainers;

/// <summary>A maximum-entropy classifier in a model file.</summary>
internal static class MaximumEntropyPart
{
    internal const string Signature = "MaximumEntropyClassifier";
    private const string Weights = "Weights";

    private sealed record State(string FeatureColumn, int[] FeatureDimensions, int Classes, string KeyType, string[] KeyValues);

    internal static void Save(ModelSaveContext context, string featureColumn, VectorDataViewType features, IMulticlassScorer model, KeyValues classes)
    {
        context.WriteState(Signature, new State(featureColumn, [.. features.Dimensions], model.ClassCount, classes?.ItemType.ToString(), classes?.ToText()));
        context.WriteBinary(Weights, model.ToBytes());
    }

    internal static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Load(ModelLoadContext context)
    {
        var (column, dimensions, classCount, keyType, keyValues) = context.ReadState<State>();
        if (string.IsNullOrEmpty(column) || dimensions is not { Length: > 0 } || dimensions.Any(size => size < 1))
            throw context.Damaged("it names no feature column, or no size of one");
        var size = dimensions.Aggregate(1L, (product, d) => Math.Min(product * d, int.MaxValue));
        var model = MaximumEntropyModelParameters.Parse(context.ReadBinary(Weights), classCount, (int)size) ??
            throw context.Damaged($"'{Weights}' does not hold the finite numbers of {classCount} classes and {size} features");
        var classes = keyValues is null ? null : KeyValues.Parse(keyType, keyValues);
        if (keyValues is not null && classes?.Count != classCount)
            throw context.Damaged($"its {keyValues.Length} class names are not {classCount} distinct values of type '{keyType}'");
        return new(model, column, new VectorDataViewType(NumberDataViewType.Single, dimensions), classes);
    }
}
