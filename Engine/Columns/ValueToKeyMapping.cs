using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Learns which key each value of a column gets.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly MLContext _context;
    private readonly InputOutputColumnPair _pair;
    private readonly int _maximum;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(
        MLContext context, InputOutputColumnPair pair, int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool addKeyValueAnnotationsAsText, IDataView keyData)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumNumberOfKeys);
        if (!Enum.IsDefined(keyOrdinality))
            throw new ArgumentOutOfRangeException(nameof(keyOrdinality), keyOrdinality, "Known orders are ByOccurrence and ByValue.");
        if (keyData is not null && keyData.Schema.Count(column => !column.IsHidden) != 1)
            throw new ArgumentException($"keyData must have one column, the values in the order of their keys; it has {keyData.Schema.NamesInWords()}.", nameof(keyData));
        (_context, _pair, _maximum, _ordinality, _asText, _keyData) =
            (context, pair, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);
    }

    /// <summary>Which value gets which key.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>The first value met gets key 1, the next new one key 2, …</summary>
        ByOccurrence = 0,

        /// <summary>The smallest value gets key 1; text in order of its characters' codes.</summary>
        ByValue = 1,
    }

    /// <summary>Reads the column, or <c>keyData</c>, once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or its values cannot be keys.</exception>
    /// <exception cref="InvalidDataException">There is no value that could get a key.</exception>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Schema.Require(_pair.InputColumnName);
        Check(column.Name, column.Type, column.Type.ToString());
        var (source, sourceColumn) = (input, column);
        if (_keyData is not null)
        {
            (source, sourceColumn) = (_keyData, _keyData.Schema.Single(candidate => !candidate.IsHidden));
            if (!sourceColumn.Type.Equals(column.Type))
                throw ColumnErrors.Mismatch(sourceColumn, "key data", $"{column.Type}, as column '{column.Name}' has");
        }
        var values = KeyValues.Gather(source, sourceColumn, _maximum);
        if (values.Count == 0)
            throw new InvalidDataException($"Column '{sourceColumn.Name}' has no value that could get a key: there are no rows, or all are empty.");
        if (_ordinality == KeyOrdinality.ByValue)
            values.Sort();
        return new ValueToKeyMappingTransformer(_context, _pair, values, _asText);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Require(_pair.InputColumnName);
        Check(input.Name, input.IsKey || input.Kind != SchemaShape.Column.VectorKind.Scalar ? null : input.ItemType, input.TypeInWords());
        var values = new SchemaShape.Column(AnnotationKinds.KeyValues, SchemaShape.Column.VectorKind.Vector, _asText ? TextDataViewType.Instance : input.ItemType, isKey: false);
        return inputSchema.With(new SchemaShape.Column(
            _pair.OutputColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape([values])));
    }

    private static void Check(string name, DataViewType type, string typeInWords)
    {
        if (KeyValues.For(type) is null)
            throw ColumnErrors.Mismatch(name, "input", "text, a number or a Boolean (the engine maps no vectors and no keys to keys; -p:MLNet=NuGet does)", typeInWords);
    }
}

/// <summary>Turns values into keys.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "MapValueToKey";

    private readonly KeyValues _values;
    private readonly bool _annotateAsText;

    internal ValueToKeyMappingTransformer(MLContext context, InputOutputColumnPair pair, KeyValues values, bool annotateAsText) : base(context, pair) =>
        (_values, _annotateAsText) = (values, annotateAsText);

    private sealed record State(ColumnPairState[] Columns, string Type, string[] Values, bool AnnotateAsText);

    internal static ValueToKeyMappingTransformer Load(ModelLoadContext context)
    {
        var (columns, type, texts, asText) = context.ReadState<State>();
        var values = KeyValues.Parse(type, texts) ?? throw context.Damaged($"its key values are no distinct values of type '{type}'");
        if (values.Count == 0)
            throw context.Damaged("it has no key values");
        return new(context.Context, ColumnPairState.Pairs(columns, context)[0], values, asText);
    }

    private protected override void SaveModel(ModelSaveContext ctx) =>
        ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs), _values.ItemType.ToString(), _values.ToText(), _annotateAsText));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs, _values, _annotateAsText);

    private sealed class Mapper(DataViewSchema schema, InputOutputColumnPair[] pairs, KeyValues values, bool annotateAsText) : OneToOneRowMapper(schema, pairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index)
        {
            if (!Inputs[index].Type.Equals(values.ItemType))
                throw ColumnErrors.Mismatch(Inputs[index], "input", values.ItemType.ToString());
            var annotations = new DataViewSchema.Annotations.Builder();
            (annotateAsText ? values.AsText() : values).Annotate(annotations, AnnotationKinds.KeyValues);
            return new(outputColumnName, new KeyDataViewType(typeof(uint), values.Count), annotations.ToAnnotations());
        }

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned) => values.KeyGetter(input, Inputs[index]);
    }
}
