using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Saves a transformer as a chain of built-in ones around an ONNX model, which any program can load.</summary>
/// <remarks>
/// The built-in ONNX transformer wants columns named as the model's inputs and outputs. Where they are not, columns are copied to those names
/// and dropped again afterwards; a column of the user that has such a name is put aside and put back.
/// </remarks>
internal static class OnnxChain
{
    /// <summary>Saves a small model, whose inputs and outputs can have the names of the columns.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="schema">The schema that the transformer was fitted on.</param>
    /// <param name="inputColumn">The column that the model reads.</param>
    /// <param name="outputColumns">The columns that it gives.</param>
    /// <param name="write">Writes the model, given the names of its input and outputs.</param>
    public static void Save(
        ModelSaveContext context, DataViewSchema schema, string inputColumn, string[] outputColumns, Func<string, string[], byte[]> write)
    {
        // A value of a graph is defined once.
        var input = outputColumns.Contains(inputColumn) ? Unused(inputColumn + ".input", schema, outputColumns) : inputColumn;
        string[] outputs =
        [
            .. outputColumns.Select(column => TensorName(column) is var tensor && tensor == column ? column : Unused(tensor, schema, outputColumns)),
        ];
        Save(context, schema, write(input, outputs), (inputColumn, input), [.. outputColumns.Zip(outputs)]);
    }

    /// <summary>A name for the tensor that a column is read from: the column's, but ML.NET cuts off ".output" at the end of an output's name.</summary>
    public static string TensorName(string column) => column.EndsWith(".output", StringComparison.Ordinal) ? column + ".tensor" : column;

    /// <summary>Saves a model.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="schema">The schema that the transformer was fitted on.</param>
    /// <param name="model">The model's bytes, which go into the saved file; ML.NET wants them as a file meanwhile.</param>
    /// <param name="input">The column that is read and the model's name for it.</param>
    /// <param name="outputs">The columns that are given and the model's names for them.</param>
    public static void Save(
        ModelSaveContext context, DataViewSchema schema, byte[] model, (string Column, string Tensor) input,
        (string Column, string Tensor)[] outputs)
    {
        var file = Path.Combine(Path.GetTempPath(), $"mlpipelines-{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(file, model);
            Save(context, schema, file, input, outputs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Save(
        ModelSaveContext context, DataViewSchema schema, string modelFile, (string Column, string Tensor) input,
        (string Column, string Tensor)[] outputs)
    {
        var ml = new MLContext().Transforms;
        string[] columns = [.. outputs.Select(output => output.Column)];
        string[] helpers = [.. outputs.Select(output => output.Tensor), .. input.Tensor == input.Column ? [] : new[] { input.Tensor }];
        string[] borrowed = [.. helpers.Distinct().Where(tensor => !columns.Contains(tensor))];
        (string Name, string Aside)[] hidden =
            [.. borrowed.Where(name => schema.GetColumnOrNull(name) is not null).Select(name => (name, Unused(name + ".aside", schema, columns)))];

        var chain = new EstimatorChain<ITransformer>();
        foreach (var (name, aside) in hidden)
            chain = Then(chain, ml.CopyColumns(aside, name));
        if (input.Tensor != input.Column)
            chain = Then(chain, ml.CopyColumns(input.Tensor, input.Column));
        chain = Then(chain, ml.ApplyOnnxModel([.. outputs.Select(output => output.Tensor)], [input.Tensor], modelFile));
        foreach (var (column, tensor) in outputs.Where(output => output.Column != output.Tensor))
            chain = Then(chain, ml.CopyColumns(column, tensor));
        if (borrowed.Length > 0)
            chain = Then(chain, ml.DropColumns(borrowed));
        foreach (var (name, aside) in hidden)
            chain = Then(Then(chain, ml.CopyColumns(name, aside)), ml.DropColumns(aside));

        using var genuine = chain.Fit(new EmptyView(schema));
        ((ICanSaveModel)genuine).Save(context);
    }

    private static EstimatorChain<ITransformer> Then(EstimatorChain<ITransformer> chain, IEstimator<ITransformer> next) => chain.Append(next);

    private static string Unused(string name, DataViewSchema schema, string[] others)
    {
        while (schema.GetColumnOrNull(name) is not null || others.Contains(name))
            name += "_";
        return name;
    }
}
