namespace Microsoft.ML;

/// <summary>The place in a model file where one transformer writes itself.</summary>
/// <remarks>As in ML.NET, there is nothing to write with from outside; see <see cref="ICanSaveModel.Save"/>.</remarks>
public sealed class ModelSaveContext : IDisposable
{
    private readonly ModelArchiveWriter _archive;
    private readonly string _folder;
    private bool _hasState;

    internal ModelSaveContext(ModelArchiveWriter archive, string folder) => (_archive, _folder) = (archive, folder);

    /// <summary>Writes what the transformer is and what it has learned.</summary>
    /// <param name="signature">Its name in <see cref="TransformerLoaders"/>.</param>
    /// <param name="state">A record of numbers, strings, arrays and records; written as JSON, NaN and infinities included.</param>
    internal void WriteState<TState>(string signature, TState state)
    {
        _archive.WriteJson(_folder + ModelArchive.StateEntry, new ModelArchive.StateFile<TState>(signature, state));
        _hasState = true;
    }

    /// <summary>Writes bytes beside the state, such as weights or an ONNX model.</summary>
    internal void WriteBinary(string name, ReadOnlySpan<byte> content) => _archive.Write(_folder + name, content);

    /// <summary>Writes a sub-model into a folder of its own.</summary>
    /// <exception cref="InvalidOperationException">It has written nothing, so that it could not be loaded.</exception>
    internal void WritePart(string name, ICanSaveModel part)
    {
        using var context = new ModelSaveContext(_archive, $"{_folder}{name}/");
        context.Write(part);
    }

    /// <summary>Lets a model write itself here.</summary>
    internal void Write(ICanSaveModel part)
    {
        part.Save(this);
        if (!_hasState)
            throw new InvalidOperationException(
                $"{part.GetType()} wrote nothing when asked to save itself, so it could not be loaded. Its ICanSaveModel.Save must " +
                "hand the context " +
                "to the Save of a chain of built-in transformers that does the same, for instance one around an ONNX model.");
    }

    /// <summary>Does nothing: the file is closed by whoever opened it.</summary>
    public void Dispose()
    {
    }
}
