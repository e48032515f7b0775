using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Onnx;

namespace MLPipelines.Transforms;

/// <summary>Scores rows with an ONNX classifier, many at a time. Learns nothing; <see cref="Fit"/> opens the model.</summary>
/// <remarks>
/// The input is a vector of Single of known size. If it has as many dimensions as the model's input without the batch, the sizes must be
/// the same; otherwise their product counts, so that 784 numbers fit [N, 1, 28, 28]. The output is a vector of K Single.
/// </remarks>
public sealed class ScoreOnnxEstimator : IEstimator<ScoreOnnxTransformer>
{
    private readonly string outputColumnName, inputColumnName;
    private readonly OnnxModelSource model;
    private readonly OnnxScoringOptions options;

    internal ScoreOnnxEstimator(string outputColumnName, string? inputColumnName, OnnxModelSource model, OnnxScoringOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        options ??= new();
        if (options.BatchSize is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, "BatchSize must be at least 1, or null for the default.");
        ArgumentOutOfRangeException.ThrowIfNegative(options.IntraOpThreads, nameof(options));
        (this.outputColumnName, this.inputColumnName) = (outputColumnName, inputColumnName ?? outputColumnName);
        (this.model, this.options) = (model, options);
    }

    /// <summary>Opens the model, which the transformer then owns; reads no rows.</summary>
    /// <exception cref="ArgumentException">The model does not fit the column, the options or the labels; the message lists what it has.</exception>
    /// <exception cref="OnnxModelException">The model cannot be opened.</exception>
    public ScoreOnnxTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (_, type) = Columns.FindFloats(input.Schema, inputColumnName);
        var classifier = OnnxClassifier.Open(
            model, type.Dimensions, options.InputName, options.OutputName, new OnnxSessionSettings { IntraOpThreads = options.IntraOpThreads });
        if (options.Labels is { } labels && labels.Count != classifier.Classes)
        {
            classifier.Dispose();
            throw new ArgumentException(
                $"There are {labels.Count} labels and {model} gives {classifier.Classes} scores in "
                + $"'{classifier.OutputName}'; each score needs its label.");
        }

        return new(outputColumnName, inputColumnName, input.Schema, model, options, classifier);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Columns.FindFloats(inputSchema, inputColumnName);

        // The shape knows vectors, not their sizes: those of the labels will do.
        var size = options.Labels?.Count ?? 1;
        var scores = new VectorDataViewType(NumberDataViewType.Single, size);
        return inputSchema.With([new(outputColumnName, scores, ClassNames.ScoreAnnotations(options.Labels))]);
    }
}
