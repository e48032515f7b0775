using Microsoft.ML;

namespace MLPipelines.Transforms;

/// <summary>Adds the n best classes of each row; see <see cref="TopNTransformer"/> for the columns. Learns only the names of the classes.</summary>
public sealed class TopNEstimator : IEstimator<TopNTransformer>
{
    private readonly string outputColumnName, inputColumnName;
    private readonly int n;
    private readonly IReadOnlyList<string>? labels;

    internal TopNEstimator(string outputColumnName, string? inputColumnName, int n, IReadOnlyList<string>? labels)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        (this.outputColumnName, this.inputColumnName, this.n, this.labels) = (outputColumnName, inputColumnName ?? outputColumnName, n, labels);
    }

    /// <summary>Takes the names of the classes from the annotations of the scores, unless they were given; reads no rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as scores.</exception>
    public TopNTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (scores, type) = Columns.FindFloats(input.Schema, inputColumnName);
        if (labels is not null && labels.Count != type.Size)
            throw new ArgumentException(
                $"There are {labels.Count} labels and column '{inputColumnName}' has {type.Size} scores; each score needs its label.");
        return new(outputColumnName, inputColumnName, input.Schema, n, labels ?? ClassNames.Of(scores, type.Size));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Columns.FindFloats(inputSchema, inputColumnName);
        return inputSchema.With(TopNTransformer.Added(outputColumnName, n));
    }
}
