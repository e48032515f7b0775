using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the range of each feature.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly MLContext _context;
    private readonly InputOutputColumnPair _pair;
    private readonly long _maximumRows;
    private readonly bool _fixZero;

    internal NormalizingEstimator(MLContext context, InputOutputColumnPair pair, long maximumExampleCount, bool fixZero)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumExampleCount);
        (_context, _pair, _maximumRows, _fixZero) = (context, pair, maximumExampleCount, fixZero);
    }

    /// <summary>Reads the column once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There are no rows.</exception>
    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Schema.Require(_pair.InputColumnName);
        using var cursor = input.GetRowCursorFor(column.Index);
        var features = FeatureReader.Of(cursor, column);
        var range = new FeatureRange(features.Count);
        for (var row = 0L; row < _maximumRows && cursor.MoveNext(); row++)
            range.Widen(features.Read());
        if (range.IsEmpty)
            throw new InvalidDataException($"There are no rows to learn the range of column '{column.Name}' from.");
        var (offset, scale) = range.ToAffine(_fixZero);
        return new NormalizingTransformer(_context, _pair, offset, scale);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Require(_pair.InputColumnName);
        if (input.IsKey || input.ItemType != NumberDataViewType.Single || input.Kind == SchemaShape.Column.VectorKind.VariableVector)
            throw ColumnErrors.Mismatch(input.Name, "input", "Single or a vector of them of known size", input.TypeInWords());
        return inputSchema.With(input.Named(_pair.OutputColumnName));
    }
}

/// <summary>Rescales features: (x − offset) · scale, each with its own numbers.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "NormalizeAffine";

    private readonly float[] _offset;
    private readonly float[] _scale;

    internal NormalizingTransformer(MLContext context, InputOutputColumnPair pair, float[] offset, float[] scale) : base(context, pair) =>
        (_offset, _scale) = (offset, scale);

    private sealed record State(ColumnPairState[] Columns, float[] Offset, float[] Scale);

    internal static NormalizingTransformer Load(ModelLoadContext context)
    {
        var (columns, offset, scale) = context.ReadState<State>();
        if (offset is not { Length: > 0 } || scale?.Length != offset.Length)
            throw context.Damaged($"it has {offset?.Length ?? 0} offsets and {scale?.Length ?? 0} scales");
        return new(context.Context, ColumnPairState.Pairs(columns, context)[0], offset, scale);
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs), _offset, _scale));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs, _offset, _scale);

    private sealed class Mapper(DataViewSchema schema, InputOutputColumnPair[] pairs, float[] offset, float[] scale) : OneToOneRowMapper(schema, pairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index)
        {
            if (FeatureReader.CountOf(Inputs[index]) != offset.Length)
                throw ColumnErrors.Mismatch(Inputs[index], "input", offset.Length == 1 ? "Single" : $"Vector<Single, {offset.Length}>");
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(Inputs[index].Annotations, kind => kind == AnnotationKinds.SlotNames);
            return new(outputColumnName, Inputs[index].Type, annotations.ToAnnotations());
        }

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned)
        {
            var features = FeatureReader.Of(input, Inputs[index]);
            return Inputs[index].Type is VectorDataViewType
                ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                {
                    var editor = VBufferEditor.Create(ref value, offset.Length);
                    TensorPrimitives.Subtract(features.Read(), offset, editor.Values);
                    TensorPrimitives.Multiply(editor.Values, scale, editor.Values);
                    value = editor.Commit();
                })
                : (ValueGetter<float>)((ref float value) => value = (features.Read()[0] - offset[0]) * scale[0]);
        }
    }
}
