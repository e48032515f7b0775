using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer of a model with one feature column. For this assembly's own trainers.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected TrainerEstimatorBase(MLContext context, TrainerInputBaseWithWeight options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        Context = context;
        FeatureColumn = new SchemaShape.Column(options.FeatureColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        LabelColumn = new SchemaShape.Column(options.LabelColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true);
        if (!string.IsNullOrEmpty(options.ExampleWeightColumnName))
            WeightColumn = new SchemaShape.Column(options.ExampleWeightColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false);
    }

    /// <summary>The features it wants.</summary>
    public readonly SchemaShape.Column FeatureColumn;

    /// <summary>The label it wants.</summary>
    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The row weights it wants; without a name when every row counts 1.</summary>
    public readonly SchemaShape.Column WeightColumn;

    /// <inheritdoc/>
    public abstract TrainerInfo Info { get; }

    private protected MLContext Context { get; }

    /// <summary>Copies the rows into memory (4 bytes × rows × features) and learns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">
    /// There are no rows; fewer than two classes occur; a row has no label, a feature that is not finite, or a negative weight.
    /// </exception>
    public TTransformer Fit(IDataView input) => Fit(input, warmStart: null);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Check(inputSchema);
        return inputSchema.With(OutputColumns(inputSchema.Require(LabelColumn.Name)));
    }

    private protected TTransformer Fit(IDataView input, TModel warmStart)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(SchemaShape.Create(input.Schema));
        var rows = TrainingRowsReader.Read(input, FeatureColumn.Name, LabelColumn.Name, WeightColumn.Name);
        Write($"Training on {rows.Count} rows with {rows.FeatureCount} features and {rows.ClassCount} classes.");
        return MakeTransformer(Train(rows, warmStart), input.Schema);
    }

    private protected void Write(string message) => Context.Write(ChannelMessageKind.Info, GetType().Name, message);

    /// <summary>Learns; <paramref name="warmStart"/> is null or the model to start from.</summary>
    private protected abstract TModel Train(TrainingRows rows, TModel warmStart);

    /// <summary>Wraps what was learned for data views.</summary>
    private protected abstract TTransformer MakeTransformer(TModel model, DataViewSchema trainingSchema);

    /// <summary>The columns the transformer will add.</summary>
    private protected abstract SchemaShape.Column[] OutputColumns(SchemaShape.Column label);

    private void Check(SchemaShape shape)
    {
        Check(shape, FeatureColumn, "feature");
        Check(shape, LabelColumn, "label");
        if (WeightColumn.Name is not null)
            Check(shape, WeightColumn, "weight");
    }

    private static void Check(SchemaShape shape, SchemaShape.Column wanted, string role)
    {
        var found = shape.Require(wanted.Name, role);
        if (found.Kind != wanted.Kind || found.IsKey != wanted.IsKey || !found.ItemType.Equals(wanted.ItemType))
            throw ColumnErrors.Mismatch(wanted.Name, role, wanted.TypeInWords(), found.TypeInWords());
    }
}

/// <summary>A trainer that takes the rows one at a time in random order. For this assembly's own trainers.</summary>
public abstract class StochasticTrainerBase<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected StochasticTrainerBase(MLContext context, TrainerInputBaseWithWeight options) : base(context, options)
    {
    }

    /// <inheritdoc/>
    public override TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);
}
