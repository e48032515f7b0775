namespace Microsoft.ML;

/// <summary>A column to make and the column to make it from.</summary>
public sealed class InputOutputColumnPair
{
    /// <summary>A pair.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to make it from; null: the one of the same name.</param>
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        (OutputColumnName, InputColumnName) = (outputColumnName, inputColumnName ?? outputColumnName);
    }

    internal string OutputColumnName { get; }

    internal string InputColumnName { get; }
}
