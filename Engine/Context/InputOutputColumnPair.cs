namespace Microsoft.ML;

/// <summary>A column to make and the column to make it from; public in ML.NET, where catalog methods take several.</summary>
internal sealed class InputOutputColumnPair
{
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to make it from; null: the one of the same name.</param>
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        (OutputColumnName, InputColumnName) = (outputColumnName, inputColumnName ?? outputColumnName);
    }

    public string OutputColumnName { get; }

    public string InputColumnName { get; }
}
