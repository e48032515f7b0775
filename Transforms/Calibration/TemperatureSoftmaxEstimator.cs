using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Turns scores into probabilities with a temperature, given or fitted to the rows that <see cref="Fit"/> reads.</summary>
/// <remarks>
/// Scores are a vector of Single of known size. A temperature is fitted on held-out rows, never on those that the classifier was trained
/// on, and to the label column: a key, whose first value is class 0 of the scores, or a Single that holds the index of the class. Rows
/// without a label are ignored. All scores are held in memory while fitting, 4 bytes each.
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
        var (scores, type) = Columns.FindFloats(input.Schema, inputColumnName);
        var fit = labelColumnName is null ? null : FitTemperature(input, scores, type.Size, Columns.Find(input.Schema, labelColumnName));
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

    private TemperatureFit FitTemperature(IDataView data, DataViewSchema.Column scores, int classes, DataViewSchema.Column label)
    {
        var (allScores, allLabels) = (new List<float>(), new List<int>());
        using var cursor = data.GetRowCursor([scores, label]);
        var getScores = cursor.GetGetter<VBuffer<float>>(scores);
        var getLabel = ClassLabels.Getter(cursor, label);
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            if ((long)allScores.Count + classes > Array.MaxLength)
                throw new NotSupportedException(
                    $"A temperature is fitted in memory, on at most {Array.MaxLength} scores: {Array.MaxLength / classes} rows of {classes}. Fit "
                    + "it on a sample, mlContext.Data.TakeRows.");
            getScores(ref row);
            var start = allScores.Count;
            System.Runtime.InteropServices.CollectionsMarshal.SetCount(allScores, start + classes);
            row.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(allScores)[start..]);
            allLabels.Add(getLabel());
        }

        if (allLabels.Count == 0)
            throw new InvalidDataException(
                $"A temperature cannot be fitted: the data have no rows with '{inputColumnName}' and '{labelColumnName}'.");
        return TemperatureScaling.Fit(allScores.ToArray(), allLabels.ToArray(), input: input, options: options);
    }
}
