using Microsoft.ML.Transforms.Onnx;
using MLPipelines.Native;

namespace Microsoft.ML;

/// <summary>Scoring with ONNX models.</summary>
/// <remarks>
/// Columns are bound by name: a model input reads the column that is called as it is, and a model output becomes a column of its name.
/// All of these open the model at once. They throw <see cref="FileNotFoundException"/> where there is no model file,
/// <see cref="InvalidOperationException"/> where it is no model that can be run, and <see cref="ArgumentOutOfRangeException"/> where the model has no
/// input or output of a given name or contradicts a given shape.
/// </remarks>
public static class OnnxCatalog
{
    /// <summary>Scores with all inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelFile">The model file.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelFile, null, null, null, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with all inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelFile">The model file.</param>
    /// <param name="shapeDictionary">Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelFile, null, null, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with all inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelBytes">The model, read to its end.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelBytes, null, null, null, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with all inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelBytes">The model, read to its end.</param>
    /// <param name="shapeDictionary">Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelBytes, null, null, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with one input and one output of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The model output to make a column of.</param>
    /// <param name="inputColumnName">The model input, filled from the column of its name.</param>
    /// <param name="modelFile">The model file.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelFile, [outputColumnName], [inputColumnName], null, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with one input and one output of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The model output to make a column of.</param>
    /// <param name="inputColumnName">The model input, filled from the column of its name.</param>
    /// <param name="modelFile">The model file.</param>
    /// <param name="shapeDictionary">Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Score(catalog, modelFile, [outputColumnName], [inputColumnName], shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with one input and one output of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The model output to make a column of.</param>
    /// <param name="inputColumnName">The model input, filled from the column of its name.</param>
    /// <param name="modelBytes">The model, read to its end.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelBytes, [outputColumnName], [inputColumnName], null, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with one input and one output of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The model output to make a column of.</param>
    /// <param name="inputColumnName">The model input, filled from the column of its name.</param>
    /// <param name="modelBytes">The model, read to its end.</param>
    /// <param name="shapeDictionary">Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Score(catalog, modelBytes, [outputColumnName], [inputColumnName], shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with some inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnNames">The model outputs to make columns of.</param>
    /// <param name="inputColumnNames">The model inputs, each filled from the column of its name.</param>
    /// <param name="modelFile">The model file.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelFile, outputColumnNames, inputColumnNames, null, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with some inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnNames">The model outputs to make columns of.</param>
    /// <param name="inputColumnNames">The model inputs, each filled from the column of its name.</param>
    /// <param name="modelFile">The model file.</param>
    /// <param name="shapeDictionary">Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Score(catalog, modelFile, outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with some inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnNames">The model outputs to make columns of.</param>
    /// <param name="inputColumnNames">The model inputs, each filled from the column of its name.</param>
    /// <param name="modelBytes">The model, read to its end.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Score(catalog, modelBytes, outputColumnNames, inputColumnNames, null, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with some inputs and outputs of a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnNames">The model outputs to make columns of.</param>
    /// <param name="inputColumnNames">The model inputs, each filled from the column of its name.</param>
    /// <param name="modelBytes">The model, read to its end.</param>
    /// <param name="shapeDictionary">Shapes of inputs and outputs, by name, that say more than the model does; −1: unknown.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null: <see cref="MLContext.GpuDeviceId"/>. This engine runs on the CPU alone.</param>
    /// <param name="fallbackToCpu">Whether a model that was to run on a GPU runs on the CPU instead of failing.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Score(catalog, modelBytes, outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Scores with a model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The model file and how to use it.</param>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var threads = new OnnxSessionSettings { IntraOpThreads = options.IntraOpNumThreads ?? 0, InterOpThreads = options.InterOpNumThreads ?? 0 };
        return Score(
            catalog, Read(options.ModelFile), $"'{options.ModelFile}'", OnnxModelSettings.Of(options.InputColumns, options.OutputColumns, options.ShapeDictionary, threads), options.GpuDeviceId, options.FallbackToCpu);
    }

    private static OnnxScoringEstimator Score(
        TransformsCatalog catalog, string modelFile, string[] outputs, string[] inputs, IDictionary<string, int[]> shapes, int? gpuDeviceId, bool fallbackToCpu) =>
        Score(catalog, Read(modelFile), $"'{modelFile}'", OnnxModelSettings.Of(inputs, outputs, shapes), gpuDeviceId, fallbackToCpu);

    private static OnnxScoringEstimator Score(
        TransformsCatalog catalog, Stream model, string[] outputs, string[] inputs, IDictionary<string, int[]> shapes, int? gpuDeviceId, bool fallbackToCpu)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var bytes = new MemoryStream();
        model.CopyTo(bytes);
        return Score(catalog, bytes.ToArray(), "from a stream", OnnxModelSettings.Of(inputs, outputs, shapes), gpuDeviceId, fallbackToCpu);
    }

    private static OnnxScoringEstimator Score(
        TransformsCatalog catalog, byte[] model, string name, OnnxModelSettings settings, int? gpuDeviceId, bool fallbackToCpu)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(OnnxTransformer.Create(catalog.Context, model, name, settings, gpuDeviceId, fallbackToCpu));
    }

    private static byte[] Read(string modelFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        return File.Exists(modelFile)
            ? File.ReadAllBytes(modelFile)
            : throw new FileNotFoundException($"Model file {modelFile} does not exist (looked for at {Path.GetFullPath(modelFile)}).", modelFile);
    }
}
