using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Trains a classifier and puts behind it the temperature softmax that fits rows the classifier was not trained on.</summary>
/// <remarks>
/// Whatever is to be learnt from the training rows alone belongs inside the classifier; what comes before it in a chain sees the held-out rows
/// as well. The model is a chain of the classifier's own transformer and a <see cref="TemperatureSoftmaxTransformer"/>, which tells the
/// temperature and its fit.
/// </remarks>
public sealed class CalibratedClassifierEstimator : IEstimator<TransformerChain<TemperatureSoftmaxTransformer>>
{
    private readonly IEstimator<ITransformer> classifier;
    private readonly TemperatureSoftmaxEstimator softmax;
    private readonly string outputColumnName, scoreColumnName, labelColumnName;
    private readonly SoftmaxInput input;
    private readonly CalibrationRows rows;
    private readonly TemperatureFitOptions? options;

    internal CalibratedClassifierEstimator(
        IEstimator<ITransformer> classifier, string outputColumnName, string scoreColumnName, string labelColumnName, SoftmaxInput input,
        CalibrationRows rows, TemperatureFitOptions? options)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        softmax = new MLContext().Transforms.TemperatureSoftmax(outputColumnName, scoreColumnName, labelColumnName, input, options);
        (this.classifier, this.outputColumnName, this.scoreColumnName, this.labelColumnName) =
            (classifier, outputColumnName, scoreColumnName, labelColumnName);
        (this.input, this.rows, this.options) = (input, rows, options);
    }

    /// <summary>Trains, as often as the calibration rows ask for, and fits the temperature.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">No row can be used to fit, the scores are said to be probabilities and are not, or the
    /// classifiers of two folds know different classes.</exception>
    public TransformerChain<TemperatureSoftmaxTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var scores = new CalibrationScores(scoreColumnName, labelColumnName);
        var fitted = rows.Fit(classifier, input, scores);
        var fit = scores.Fit(this.input, options);
        return new(
            fitted,
            new TemperatureSoftmaxTransformer(
                outputColumnName, scoreColumnName, fitted.GetOutputSchema(input.Schema), fit.Temperature, this.input, fit));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => softmax.GetOutputSchema(classifier.GetOutputSchema(inputSchema));
}
