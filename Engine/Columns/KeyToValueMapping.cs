using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys back into the values they stand for.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal KeyToValueMappingEstimator(MLContext context, params InputOutputColumnPair[] pairs) : base(new KeyToValueMappingTransformer(context, pairs)) =>
        _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With([.. _pairs.Select(pair =>
        {
            var input = inputSchema.Require(pair.InputColumnName);
            if (!input.IsKey || input.Kind == SchemaShape.Column.VectorKind.VariableVector || input.Annotations.Find(AnnotationKinds.KeyValues) is not { } values)
                throw ColumnErrors.Mismatch(input.Name, "input", "Key with the annotation KeyValues", input.TypeInWords());
            return new SchemaShape.Column(pair.OutputColumnName, input.Kind, values.ItemType, isKey: false);
        })]);
    }
}

/// <summary>Turns keys back into the values they stand for.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "MapKeyToValue";

    internal KeyToValueMappingTransformer(MLContext context, InputOutputColumnPair[] pairs) : base(context, pairs)
    {
    }

    private sealed record State(ColumnPairState[] Columns);

    internal static KeyToValueMappingTransformer Load(ModelLoadContext context) =>
        new(context.Context, ColumnPairState.Pairs(context.ReadState<State>().Columns, context));

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs)));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs);

    private sealed class Mapper(DataViewSchema schema, InputOutputColumnPair[] pairs) : OneToOneRowMapper(schema, pairs)
    {
        private static readonly MethodInfo MakeTyped = typeof(Mapper).GetMethod(nameof(MakeGetter), BindingFlags.NonPublic | BindingFlags.Static)!;

        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index)
        {
            var input = Inputs[index];
            var (key, vector) = (Key(input), input.Type as VectorDataViewType);
            if (key is null || vector is { IsKnownSize: false } || ValuesType(input) is not { } values || (ulong)values.Size != key.Count)
                throw ColumnErrors.Mismatch(input, "input", "Key with the annotation KeyValues, one value for each key");
            return new(outputColumnName, vector is null ? values.ItemType : new VectorDataViewType(values.ItemType, vector.Dimensions));
        }

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned) =>
            (Delegate)MakeTyped.MakeGenericMethod(Key(Inputs[index]).RawType, ValuesType(Inputs[index]).ItemType.RawType).Invoke(null, [input, Inputs[index]]);

        private static KeyDataViewType Key(DataViewSchema.Column column) =>
            (column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) as KeyDataViewType;

        private static VectorDataViewType ValuesType(DataViewSchema.Column column) =>
            column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type as VectorDataViewType;

        private static Delegate MakeGetter<TKey, TItem>(DataViewRow row, DataViewSchema.Column column)
            where TKey : struct, IConvertible
        {
            VBuffer<TItem> buffer = default;
            column.Annotations.GetValue(AnnotationKinds.KeyValues, ref buffer);
            TItem[] values = [Missing<TItem>(), .. buffer.DenseValues()];
            // A key beyond the count is a fault of whoever made the column; like 0 it stands for no value.
            TItem ValueOf(TKey key) => values[key.ToUInt64(null) is var index && index < (ulong)values.Length ? index : 0];

            if (column.Type is not VectorDataViewType)
            {
                var getKey = row.GetGetter<TKey>(column);
                TKey key = default;
                return (ValueGetter<TItem>)((ref TItem value) =>
                {
                    getKey(ref key);
                    value = ValueOf(key);
                });
            }
            var getKeys = row.GetGetter<VBuffer<TKey>>(column);
            VBuffer<TKey> keys = default;
            return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) =>
            {
                getKeys(ref keys);
                var editor = VBufferEditor.Create(ref value, keys.Length);
                editor.Values.Fill(values[0]);
                foreach (var (slot, key) in keys.Items())
                    editor.Values[slot] = ValueOf(key);
                value = editor.Commit();
            });
        }

        private static TItem Missing<TItem>() =>
            typeof(TItem) == typeof(float) ? (TItem)(object)float.NaN : typeof(TItem) == typeof(double) ? (TItem)(object)double.NaN : default;
    }
}
