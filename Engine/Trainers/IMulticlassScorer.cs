namespace Microsoft.ML.Trainers;

/// <summary>A model that scores classes; what <see cref="Data.MulticlassPredictionTransformer{TModel}"/> needs of it.</summary>
internal interface IMulticlassScorer
{
    int ClassCount { get; }

    int FeatureCount { get; }

    /// <summary>The scores of the classes; all NaN where a feature is NaN.</summary>
    void Score(ReadOnlySpan<float> features, Span<float> scores);

    /// <summary>The numbers of the model, in the order its reader expects, as little-endian singles.</summary>
    byte[] ToBytes();
}
