using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns that are copies of others.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal ColumnCopyingEstimator(MLContext context, params InputOutputColumnPair[] pairs) : base(new ColumnCopyingTransformer(context, pairs)) =>
        _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _pairs.Select(pair => inputSchema.Require(pair.InputColumnName).Named(pair.OutputColumnName))]);
    }
}

/// <summary>Adds columns that are copies of others, with type and annotations.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "CopyColumns";

    internal ColumnCopyingTransformer(MLContext context, InputOutputColumnPair[] pairs) : base(context, pairs)
    {
    }

    private sealed record State(ColumnPairState[] Columns);

    internal static ColumnCopyingTransformer Load(ModelLoadContext context) =>
        new(context.Context, ColumnPairState.Pairs(context.ReadState<State>().Columns, context));

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs)));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs);

    private sealed class Mapper(DataViewSchema schema, InputOutputColumnPair[] pairs) : OneToOneRowMapper(schema, pairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index) =>
            new(outputColumnName, Inputs[index].Type, Inputs[index].Annotations);

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned) => input.GetterOf(Inputs[index]);
    }
}
