namespace Microsoft.ML;

/// <summary>Can be written into a model file.</summary>
public interface ICanSaveModel
{
    /// <summary>Writes itself.</summary>
    /// <remarks>
    /// A transformer of one's own has nothing to write with (<see cref="ModelSaveContext"/> is closed); it hands <paramref name="ctx"/> to the
    /// <see cref="Save"/> of a chain of built-in transformers that do the same. That chain is what loading gives.
    /// </remarks>
    /// <param name="ctx">Where to.</param>
    void Save(ModelSaveContext ctx);
}
