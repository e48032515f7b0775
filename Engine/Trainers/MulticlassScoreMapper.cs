using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Trainers;

/// <summary>The columns <c>PredictedLabel</c> and <c>Score</c> of a classifier, from one evaluation of the model a row.</summary>
internal sealed class MulticlassScoreMapper : IRowMapper
{
    private const string Kind = "MulticlassClassification";

    private readonly DataViewSchema.Column _feature;
    private readonly IMulticlassScorer _scorer;

    /// <param name="schema">The input.</param>
    /// <param name="feature">Its feature column, of the right type.</param>
    /// <param name="scorer">The model.</param>
    /// <param name="classes">What the classes are called; null: nothing is known.</param>
    internal MulticlassScoreMapper(DataViewSchema schema, DataViewSchema.Column feature, IMulticlassScorer scorer, KeyValues classes)
    {
        (_feature, _scorer) = (feature, scorer);
        var setId = NextSetId(schema);

        var label = new DataViewSchema.Annotations.Builder();
        label.AddText(AnnotationKinds.ScoreColumnKind, Kind);
        label.AddText(AnnotationKinds.ScoreValueKind, "PredictedLabel");
        classes?.Annotate(label, AnnotationKinds.KeyValues);
        label.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, SetIdType, setId);

        var score = new DataViewSchema.Annotations.Builder();
        score.AddText(AnnotationKinds.ScoreColumnKind, Kind);
        score.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, SetIdType, setId);
        score.AddText(AnnotationKinds.ScoreValueKind, "Score");
        classes?.Annotate(score, AnnotationKinds.TrainingLabelValues);
        classes?.AsText().Annotate(score, AnnotationKinds.SlotNames);

        AddedColumns =
        [
            new("PredictedLabel", new KeyDataViewType(typeof(uint), scorer.ClassCount), label.ToAnnotations()),
            new("Score", new VectorDataViewType(NumberDataViewType.Single, scorer.ClassCount), score.ToAnnotations()),
        ];
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; }

    public IEnumerable<int> InputsOf(int added) => [_feature.Index];

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, ICollection<IDisposable> owned)
    {
        var features = FeatureReader.Of(input, _feature);
        var scores = new float[_scorer.ClassCount];
        var scoredPosition = -1L;

        ReadOnlySpan<float> Scores()
        {
            if (scoredPosition != input.Position)
            {
                _scorer.Score(features.Read(), scores);
                scoredPosition = input.Position;
            }
            return scores;
        }

        ValueGetter<uint> predictedLabel = (ref uint key) => key = KeyOfHighest(Scores());
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) =>
        {
            var editor = VBufferEditor.Create(ref value, scores.Length);
            Scores().CopyTo(editor.Values);
            value = editor.Commit();
        };
        return [isActive(0) ? predictedLabel : null, isActive(1) ? score : null];
    }

    private static KeyDataViewType SetIdType { get; } = new(typeof(uint), int.MaxValue);

    // IndexOfMax gives the first of equals, and the place of a NaN where there is one.
    private static uint KeyOfHighest(ReadOnlySpan<float> scores) =>
        TensorPrimitives.IndexOfMax(scores) is var index && float.IsNaN(scores[index]) ? 0 : (uint)index + 1;

    // Score columns made together carry one number, different from that of every classifier before.
    private static uint NextSetId(DataViewSchema schema)
    {
        var last = 0u;
        foreach (var column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.ScoreColumnSetId) is not { } annotation || !annotation.Type.Equals(SetIdType))
                continue;
            var id = 0u;
            column.Annotations.GetValue(AnnotationKinds.ScoreColumnSetId, ref id);
            last = Math.Max(last, id);
        }
        return last + 1;
    }
}
