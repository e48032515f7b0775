using Microsoft.ML.Data;

namespace Microsoft.ML
{
    /// <summary>Applies a model that was learned.</summary>
    /// <typeparam name="TModel">What was learned.</typeparam>
    public interface IPredictionTransformer<out TModel> : ITransformer
        where TModel : class
    {
        /// <summary>What was learned.</summary>
        TModel Model { get; }
    }

    /// <summary>Applies a model of one feature column.</summary>
    /// <typeparam name="TModel">What was learned.</typeparam>
    public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel>
        where TModel : class
    {
        /// <summary>The feature column.</summary>
        string FeatureColumnName { get; }

        /// <summary>Its type in training.</summary>
        DataViewType FeatureColumnType { get; }
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>Applies a model that was learned. For this assembly's own transformers.</summary>
    public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>, IDisposable
        where TModel : class
    {
        private protected PredictionTransformerBase(TModel model) => Model = model;

        /// <summary>What was learned.</summary>
        public TModel Model { get; }

        bool ITransformer.IsRowToRowMapper => true;

        /// <inheritdoc/>
        public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

        /// <inheritdoc/>
        public IDataView Transform(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            return new MappedView(input, Bind(input.Schema));
        }

        IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

        void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

        /// <summary>Disposes the model where it holds something.</summary>
        public void Dispose()
        {
            (Model as IDisposable)?.Dispose();
            GC.SuppressFinalize(this);
        }

        /// <summary>Writes itself; the counterpart is in <see cref="TransformerLoaders"/>.</summary>
        private protected abstract void SaveModel(ModelSaveContext ctx);

        /// <summary>Checks the columns it reads and binds to them.</summary>
        private protected abstract IRowToRowMapper Bind(DataViewSchema inputSchema);
    }

    /// <summary>Applies a model of one feature column. For this assembly's own transformers.</summary>
    public abstract class SingleFeaturePredictionTransformerBase<TModel> : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        private protected SingleFeaturePredictionTransformerBase(TModel model, string featureColumnName, DataViewType featureColumnType) : base(model) =>
            (FeatureColumnName, FeatureColumnType) = (featureColumnName, featureColumnType);

        /// <inheritdoc/>
        public string FeatureColumnName { get; }

        /// <inheritdoc/>
        public DataViewType FeatureColumnType { get; }

        /// <inheritdoc/>
        public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

        private protected sealed override IRowToRowMapper Bind(DataViewSchema inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            var feature = inputSchema.Require(FeatureColumnName, "feature");
            if (feature.Type is not VectorDataViewType given || FeatureColumnType is not VectorDataViewType wanted ||
                given.Size != wanted.Size || !given.ItemType.Equals(wanted.ItemType))
                throw ColumnErrors.Mismatch(feature, "feature", FeatureColumnType.ToString());
            var mapper = MakeRowMapper(inputSchema, feature);
            return new BoundMapper(ColumnBindings.Append(inputSchema, mapper.AddedColumns), mapper);
        }

        private protected abstract IRowMapper MakeRowMapper(DataViewSchema schema, DataViewSchema.Column feature);
    }
}
