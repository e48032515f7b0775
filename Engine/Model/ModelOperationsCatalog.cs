using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Saving, loading and using models.</summary>
public sealed class ModelOperationsCatalog
{
    internal ModelOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <summary>Saves a model into a file, which is replaced only once the new one is complete.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">The columns it was trained on; null: not saved.</param>
    /// <param name="filePath">The file.</param>
    /// <exception cref="InvalidOperationException">A transformer cannot save itself.</exception>
    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        var temporary = $"{filePath}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
                Save(model, inputSchema, stream);
            File.Move(temporary, filePath, overwrite: true);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>Saves a model into a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(ITransformer, DataViewSchema, string)"/>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">The columns it was trained on; null: not saved.</param>
    /// <param name="stream">The stream.</param>
    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream) => ModelFile.Save(Context, model, inputSchema, stream);

    /// <summary>Loads a model.</summary>
    /// <param name="filePath">A file that <see cref="Save(ITransformer, DataViewSchema, string)"/> of this engine wrote.</param>
    /// <param name="inputSchema">The columns the model was trained on; null when they were not saved.</param>
    /// <exception cref="InvalidDataException">The file is no model, or damaged.</exception>
    /// <exception cref="NotSupportedException">The Microsoft.ML packages wrote it, or a newer version of this engine.</exception>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = File.OpenRead(filePath);
        return ModelFile.Load(Context, stream, $"'{filePath}'", out inputSchema);
    }

    /// <summary>Loads a model from a stream.</summary>
    /// <inheritdoc cref="Load(string, out DataViewSchema)"/>
    /// <param name="stream">What <see cref="Save(ITransformer, DataViewSchema, Stream)"/> of this engine wrote.</param>
    /// <param name="inputSchema">The columns the model was trained on; null when they were not saved.</param>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelFile.Load(Context, stream, "The stream", out inputSchema);
    }

    /// <summary>An engine that predicts single rows; it owns the transformer.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="ignoreMissingColumns">Whether members of the output without a column are left alone; else they are an error.</param>
    /// <param name="inputSchemaDefinition">Changes names or sizes of the input's columns; null: as the attributes say.</param>
    /// <param name="outputSchemaDefinition">Changes names of the output's columns; null: as the attributes say.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column that the model reads, or the output a column it names.</exception>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    /// <summary>An engine that predicts single rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column that the model reads, or the output a column it names.</exception>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new() =>
        new(transformer, options);
}
