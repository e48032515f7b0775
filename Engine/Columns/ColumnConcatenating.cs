using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms
{
    /// <summary>Joins columns into one vector.</summary>
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly ColumnConcatenatingTransformer _transformer;

        internal ColumnConcatenatingEstimator(MLContext context, string outputColumnName, string[] inputColumnNames) =>
            _transformer = new ColumnConcatenatingTransformer(context, outputColumnName, inputColumnNames);

        /// <summary>The transformer, after checking that it fits the columns of <paramref name="input"/>; no row is read.</summary>
        public ColumnConcatenatingTransformer Fit(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            _transformer.GetOutputSchema(input.Schema);
            return _transformer;
        }

        /// <inheritdoc/>
        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            var inputs = _transformer.InputColumnNames.Select(name => inputSchema.Require(name)).ToArray();
            foreach (var input in inputs)
            {
                if (input.Kind == SchemaShape.Column.VectorKind.VariableVector || input.ItemType is not PrimitiveDataViewType ||
                    !input.ItemType.Equals(inputs[0].ItemType) || input.IsKey != inputs[0].IsKey)
                    throw ColumnErrors.Mismatch(input.Name, "input", $"{inputs[0].ItemType} or a vector of them of known size", input.TypeInWords());
            }
            return inputSchema.With(new SchemaShape.Column(
                _transformer.OutputColumnName, SchemaShape.Column.VectorKind.Vector, inputs[0].ItemType, inputs[0].IsKey));
        }
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>Joins columns into one vector.</summary>
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        internal const string Signature = "Concatenate";

        internal ColumnConcatenatingTransformer(MLContext context, string outputColumnName, string[] inputColumnNames) : base(context)
        {
            ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
            ArgumentNullException.ThrowIfNull(inputColumnNames);
            if (inputColumnNames.Length == 0 || inputColumnNames.Any(string.IsNullOrEmpty))
                throw new ArgumentException($"Name at least one column to join into '{outputColumnName}'; none of the names may be empty.", nameof(inputColumnNames));
            (OutputColumnName, InputColumnNames) = (outputColumnName, [.. inputColumnNames]);
        }

        private sealed record State(string Output, string[] Inputs);

        internal string OutputColumnName { get; }

        internal IReadOnlyList<string> InputColumnNames { get; }

        internal static ColumnConcatenatingTransformer Load(ModelLoadContext context)
        {
            var (output, inputs) = context.ReadState<State>();
            if (string.IsNullOrEmpty(output) || inputs is not { Length: > 0 } || inputs.Any(string.IsNullOrEmpty))
                throw context.Damaged("it names no columns, or one of them has no name");
            return new(context.Context, output, inputs);
        }

        private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(OutputColumnName, [.. InputColumnNames]));

        private protected override IRowMapper MakeRowMapper(DataViewSchema schema)
        {
            var inputs = InputColumnNames.Select(name => schema.Require(name)).ToArray();
            var itemType = ItemType(inputs[0]);
            foreach (var input in inputs)
            {
                if (itemType is null || !itemType.Equals(ItemType(input)) || input.Type is VectorDataViewType { IsKnownSize: false })
                    throw ColumnErrors.Mismatch(input, "input", $"{itemType?.ToString() ?? "a primitive type"} or a vector of them of known size");
            }
            return (IRowMapper)typeof(Mapper<>).MakeGenericType(itemType.RawType)
                .GetConstructors(BindingFlags.Instance | BindingFlags.Public)[0].Invoke([OutputColumnName, itemType, inputs]);
        }

        private static PrimitiveDataViewType ItemType(DataViewSchema.Column column) =>
            column.Type is VectorDataViewType vector ? vector.ItemType : column.Type as PrimitiveDataViewType;

        private sealed class Mapper<TItem> : IRowMapper
        {
            private readonly DataViewSchema.Column[] _inputs;
            private readonly int _length;

            public Mapper(string name, PrimitiveDataViewType itemType, DataViewSchema.Column[] inputs)
            {
                _inputs = inputs;
                _length = inputs.Sum(SlotCount);
                AddedColumns = [new(name, new VectorDataViewType(itemType, _length), SlotNames())];
            }

            public IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; }

            public IEnumerable<int> InputsOf(int added) => _inputs.Select(column => column.Index);

            public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, ICollection<IDisposable> owned)
            {
                var writers = _inputs.Select(column => Writer(input, column)).ToArray();
                ValueGetter<VBuffer<TItem>> join = (ref VBuffer<TItem> value) =>
                {
                    var editor = VBufferEditor.Create(ref value, _length);
                    var rest = editor.Values;
                    foreach (var write in writers)
                        rest = rest[write(rest)..];
                    value = editor.Commit();
                };
                return [join];
            }

            private delegate int SlotWriter(Span<TItem> destination);

            // Writes the column's value to the start of a span and says how many slots that took.
            private static SlotWriter Writer(DataViewRow row, DataViewSchema.Column column)
            {
                if (column.Type is not VectorDataViewType vector)
                {
                    var getItem = row.GetGetter<TItem>(column);
                    return destination =>
                    {
                        getItem(ref destination[0]);
                        return 1;
                    };
                }
                var getVector = row.GetGetter<VBuffer<TItem>>(column);
                VBuffer<TItem> items = default;
                return destination =>
                {
                    getVector(ref items);
                    if (items.Length != vector.Size)
                        throw new InvalidDataException($"Row {row.Position} has {items.Length} values in column '{column.Name}'; its type says {vector.Size}.");
                    items.CopyTo(destination);
                    return items.Length;
                };
            }

            private static int SlotCount(DataViewSchema.Column column) => column.Type is VectorDataViewType vector ? vector.Size : 1;

            private DataViewSchema.Annotations SlotNames()
            {
                var names = _inputs.SelectMany(column =>
                {
                    if (column.Type is not VectorDataViewType vector)
                        return [column.Name];
                    var slots = column.Annotations.NamesOrNull(AnnotationKinds.SlotNames);
                    return slots is null ? Enumerable.Repeat("", vector.Size) : slots.Select(slot => _inputs.Length == 1 ? slot : $"{column.Name}.{slot}");
                }).ToArray();
                if (names.All(string.IsNullOrEmpty))
                    return null;
                var annotations = new DataViewSchema.Annotations.Builder();
                annotations.AddNames(AnnotationKinds.SlotNames, names);
                return annotations.ToAnnotations();
            }
        }
    }
}
