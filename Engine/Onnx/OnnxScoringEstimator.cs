using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Scores rows with an ONNX model, which is opened when the estimator is made; there is nothing to learn.</summary>
public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(OnnxTransformer transformer) : base(transformer)
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var model = Transformer.Model;
        foreach (var port in model.Inputs)
        {
            var column = inputSchema.Require(port.Name);
            if (column.IsKey || !port.ItemType.Equals(column.ItemType as DataViewType))
                throw ColumnErrors.Mismatch(column.Name, "input", $"{port.ItemType}", column.TypeInWords());
        }

        return inputSchema.With([.. model.Outputs.Select(port => SchemaShape.Column.Of(OnnxMapping.ColumnNameOf(port), OnnxMapping.ColumnTypeOf(port, model)))]);
    }
}
