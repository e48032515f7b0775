using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Turns scores into probabilities with a temperature, given or fitted to the rows that <see cref="Fit"/> reads.</summary>
/// <remarks>
/// Scores are a vector of Single of known size. A temperature is fitted on held-out rows, never on those that the classifier was trained
/// on: behind a trainer in one chain it would be, so that <c>Trainers.Calibrated(trainer)</c> belongs there. The label column is a key, whose
/// first value is class 0 of the scores, or a Single that holds the index of the class. Rows without a label are ignored. All scores are held
/// in memory while fitting, 4 bytes each. What speaks against the fit is in <see cref="TemperatureFit.Warning"/> and goes to
/// <see cref="System.Diagnostics.Trace"/>.
/// </remarks>
public sealed class TemperatureSoftmaxEstimator : IEstimator<TemperatureSoftmaxTransformer>
{
    private readonly TransformsCatalog catalog;
    private readonly string outputColumnName, inputColumnName;
    private readonly string? labelColumnName;
    private readonly double temperature;
    private readonly SoftmaxInput input;
    private readonly TemperatureFitOptions? options;

    internal TemperatureSoftmaxEstimator(
        TransformsCatalog catalog, string outputColumnName, string? inputColumnName, double temperature, string? labelColumnName, SoftmaxInput input,
        TemperatureFitOptions? options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        TemperatureScaling.RequireTemperature(temperature);
        TemperatureScaling.RequireRange(options ?? new());
        (this.catalog, this.outputColumnName, this.inputColumnName) = (catalog, outputColumnName, inputColumnName ?? outputColumnName);
        (this.temperature, this.labelColumnName, this.input, this.options) = (temperature, labelColumnName, input, options);
    }

    /// <summary>Finds the temperature if none was given; reads every row once then, and nothing otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">No row can be used to fit, or the scores are said to be probabilities and are not.</exception>
    public TemperatureSoftmaxTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Columns.FindFloats(input.Schema, inputColumnName);
        var fit = labelColumnName is null ? null : FitTemperature(input, labelColumnName);
        return new(outputColumnName, inputColumnName, input.Schema, fit?.Temperature ?? temperature, this.input, fit);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Columns.FindFloats(inputSchema, inputColumnName);
        if (labelColumnName is not null)
        {
            var label = Columns.Find(inputSchema, labelColumnName);
            if (label.Kind != SchemaShape.Column.VectorKind.Scalar || !(label.IsKey || label.ItemType == NumberDataViewType.Single))
                throw ClassLabels.Mismatch(labelColumnName, Columns.InWords(label));
        }

        return outputColumnName == inputColumnName
            ? inputSchema
            : catalog.CopyColumns(outputColumnName, inputColumnName).GetOutputSchema(inputSchema);
    }

    private TemperatureFit FitTemperature(IDataView data, string label)
    {
        var rows = new CalibrationScores(inputColumnName, label);
        rows.Add(data);
        return rows.Fit(input, options);
    }
}
