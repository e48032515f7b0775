using Microsoft.ML.Data;
using MLPipelines.Batching;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>A model bound to the columns of a schema.</summary>
internal sealed class OnnxMapping(OnnxModel model, DataViewSchema schema) : BatchMapping(
    schema,
    [.. model.Inputs.Select(port => Column(port, schema))],
    model.Outputs.Select(port => new DataViewSchema.DetachedColumn(ColumnNameOf(port), ColumnTypeOf(port, model))))
{
    // More rows a run make it no faster.
    private const int MostRowsPerRun = 32;

    // 8 MB of floats: as much as is worth reading ahead, if only there is a row for each run.
    private const long MostValues = 1 << 21;

    public override int BatchSize => (int)Math.Clamp(MostValues / Math.Max(1, RowSize), Math.Max(2, model.RunsAtOnce), MostRowsPerRun * Math.Max(2, model.RunsAtOnce));

    private long RowSize => InputColumns.Sum(column => column.Type is VectorDataViewType { IsKnownSize: true } vector ? (long)vector.Size : 1);

    public override IBatchComputation Begin(BatchBuffers buffers) => new OnnxComputation(
        model,
        isForSingleRows: buffers.Capacity == 1,
        [.. model.Inputs.Select((port, index) => OnnxInput.Create(port, InputColumns[index].Type, buffers, index))],
        [
            .. model.Outputs.Index().Where(output => buffers.IsActive(output.Index))
                .Select(output => OnnxOutput.Create(output.Item, OutputSchema[InputSchema.Count + output.Index].Type, buffers, output.Index)),
        ]);

    /// <summary>The column of an output: its name, without a <c>.output</c> at the end.</summary>
    public static string ColumnNameOf(OnnxPort port) =>
        port.Name.EndsWith(".output", StringComparison.Ordinal) ? port.Name[..^".output".Length] : port.Name;

    /// <summary>A vector with the sizes of a row; of any length where one of them is unknown; a scalar for a tensor without dimensions.</summary>
    public static DataViewType ColumnTypeOf(OnnxPort port, OnnxModel model)
    {
        if (port.Dimensions.Length == 0)
            return port.ItemType;

        // Rows that fill several places of a fixed first input size give as many results, which an open first output size does not say.
        var givesOneResult = !port.HasRowDimension || model.Inputs.All(input => input.Dimensions is [] or [<= 1, ..]);
        return port.HasKnownRowSize && givesOneResult
            ? new VectorDataViewType(port.ItemType, (int[])[.. port.RowDimensions.Select(size => checked((int)size))])
            : new VectorDataViewType(port.ItemType);
    }

    private static DataViewSchema.Column Column(OnnxPort port, DataViewSchema schema)
    {
        if (port.RowDimensions.Count(size => size < 0) > 1)
        {
            throw new ArgumentOutOfRangeException(
                port.Name, $"The ONNX input '{port.Name}' has shape {port}; only 1 unknown dimension is allowed beside the first. Give the others in shapeDictionary.");
        }

        var column = schema.Require(port.Name);
        var vector = column.Type as VectorDataViewType;
        if (!port.ItemType.Equals(vector?.ItemType ?? column.Type))
            throw ColumnErrors.Mismatch(column, "input", $"{port.ItemType}");

        var length = vector?.Size ?? 1;
        var fits = length == 0 || (port.HasKnownRowSize ? length == port.KnownRowSize : length % Math.Max(1, port.KnownRowSize) == 0);
        return fits ? column : throw new InvalidOperationException(
            $"Input shape mismatch: column '{column.Name}' has {length} values a row ({column.Type}); the ONNX input of shape {port} takes "
            + $"{(port.HasKnownRowSize ? "" : "a multiple of ")}{port.KnownRowSize}. To fill several places of it from one row, give its shape in shapeDictionary.");
    }
}
