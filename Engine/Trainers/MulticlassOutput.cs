using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Trainers;

/// <summary>What every trainer of a maximum-entropy classifier makes.</summary>
internal static class MulticlassOutput
{
    /// <summary>The classifier for data views, with the class names of the training label.</summary>
    internal static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Transformer(
        MaximumEntropyModelParameters model, DataViewSchema schema, SchemaShape.Column feature, SchemaShape.Column label)
    {
        var classes = KeyValues.FromAnnotation(schema[label.Name].Annotations, AnnotationKinds.KeyValues);
        // Names that do not name every class, or two by one name, name nothing.
        if (classes?.Count != ((IMulticlassScorer)model).ClassCount)
            classes = null;
        return new(model, feature.Name, schema[feature.Name].Type, classes);
    }

    /// <summary>The shape of the columns it adds.</summary>
    internal static SchemaShape.Column[] Columns(SchemaShape.Column label)
    {
        var text = TextDataViewType.Instance;
        SchemaShape.Column[] names = [], values = [];
        if (label.Annotations.Find(AnnotationKinds.KeyValues) is { } keyValues)
        {
            values = [keyValues];
            names = [keyValues.Named(AnnotationKinds.TrainingLabelValues), new(AnnotationKinds.SlotNames, SchemaShape.Column.VectorKind.Vector, text, isKey: false)];
        }
        SchemaShape.Column[] score =
        [
            new(AnnotationKinds.ScoreColumnKind, SchemaShape.Column.VectorKind.Scalar, text, isKey: false),
            new(AnnotationKinds.ScoreValueKind, SchemaShape.Column.VectorKind.Scalar, text, isKey: false),
            new(AnnotationKinds.ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
        ];
        return
        [
            new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape([.. score, .. values])),
            new("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, new SchemaShape([.. score, .. names])),
        ];
    }
}
