using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns computed by code; see <see cref="CustomMappingCatalog"/>.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly MLContext _context;
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;
    private readonly SchemaDefinition _outputDefinition;

    internal CustomMappingTransformer(
        MLContext context, Action<TSrc, TDst> mapAction, string contractName, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition)
    {
        (_context, _mapAction, _contractName) = (context, mapAction, contractName);
        InputDefinition = inputDefinition ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write);
        _outputDefinition = outputDefinition ?? SchemaDefinition.Create(typeof(TDst), SchemaDefinition.Direction.Read);
        OutputColumns = new ObjectColumns<TDst>(_outputDefinition);
    }

    internal SchemaDefinition InputDefinition { get; }

    internal ObjectColumns<TDst> OutputColumns { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (string.IsNullOrEmpty(_contractName))
            throw new InvalidOperationException(
                "Empty contract name for a transform: the transform cannot be saved. Give CustomMapping the contractName of a CustomMappingFactory.");
        var assembly = _mapAction.Method.Module.Assembly;
        if (_context.ComponentCatalog.FindFactoryOrNull(_contractName, assembly) is null)
            _context.Write(ChannelMessageKind.Warning, "CustomMapping",
                $"No CustomMappingFactory of contract '{_contractName}' is known here; the saved model can only be loaded where one is registered.");
        ctx.WriteState(CustomMappingParts.Signature, new CustomMappingParts.State(
            _contractName, assembly.FullName, SavedDefinition.Of(InputDefinition), SavedDefinition.Of(_outputDefinition)));
    }

    private BoundMapper Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var mapper = new Mapper(this, inputSchema);
        return new BoundMapper(ColumnBindings.Append(inputSchema, mapper.AddedColumns), mapper);
    }

    private sealed class Mapper(CustomMappingTransformer<TSrc, TDst> transformer, DataViewSchema input) : IRowMapper
    {
        private readonly ObjectMembers<TSrc> _members = new(input, ignoreMissingColumns: false, transformer.InputDefinition);

        public IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; } =
            [.. transformer.OutputColumns.Schema.Select(column => new DataViewSchema.DetachedColumn(column))];

        public IEnumerable<int> InputsOf(int added) => _members.Columns.Select(column => column.Index);

        public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, ICollection<IDisposable> owned)
        {
            var fill = _members.CreateWriter(input);
            var source = new TSrc();
            TDst target = null;
            var position = -1L;
            // One call of the mapping per row, whatever the number of columns read.
            TDst Current()
            {
                if (position != input.Position || target is null)
                {
                    fill(source);
                    target = new TDst();
                    transformer._mapAction(source, target);
                    position = input.Position;
                }
                return target;
            }
            return [.. AddedColumns.Select((_, index) => isActive(index) ? transformer.OutputColumns.CreateGetter(index, Current) : null)];
        }
    }
}
