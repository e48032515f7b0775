namespace Microsoft.ML.Transforms;

/// <summary>A pair of columns as it stands in a model file.</summary>
internal sealed record ColumnPairState(string Output, string Input)
{
    internal static ColumnPairState[] Of(InputOutputColumnPair[] pairs) => [.. pairs.Select(pair => new ColumnPairState(pair.OutputColumnName, pair.InputColumnName))];

    internal static InputOutputColumnPair[] Pairs(ColumnPairState[] states, ModelLoadContext context)
    {
        if (states is not { Length: > 0 } || states.Any(state => string.IsNullOrEmpty(state?.Output) || string.IsNullOrEmpty(state.Input)))
            throw context.Damaged("it names no columns, or one of them has no name");
        return [.. states.Select(state => new InputOutputColumnPair(state.Output, state.Input))];
    }
}
