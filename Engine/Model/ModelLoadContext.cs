namespace Microsoft.ML;

/// <summary>The place in a model file that one transformer is loaded from.</summary>
internal sealed class ModelLoadContext(MLContext context, ModelArchiveReader archive, string folder, int depth = 0)
{
    // Deeper than any pipeline; a hostile file cannot overflow the stack.
    private const int MaximumDepth = 64;

    private sealed record SignatureFile(string Loader);

    /// <summary>The context that loads; transformers are made with it.</summary>
    public MLContext Context => context;

    /// <summary>What <see cref="ModelSaveContext.WriteState"/> wrote.</summary>
    public TState ReadState<TState>()
        where TState : class =>
        archive.ReadJson<ModelArchive.StateFile<TState>>(folder + ModelArchive.StateEntry).State ?? throw Damaged("it has no state");

    /// <summary>What <see cref="ModelSaveContext.WriteBinary"/> wrote.</summary>
    public byte[] ReadBinary(string name) => archive.Read(folder + name);

    /// <summary>The sub-model that <see cref="ModelSaveContext.WritePart"/> wrote.</summary>
    public ITransformer ReadPart(string name) => new ModelLoadContext(context, archive, $"{folder}{name}/", depth + 1).ReadTransformer();

    /// <summary>The transformer written here.</summary>
    public ITransformer ReadTransformer()
    {
        if (depth > MaximumDepth)
            throw Damaged($"sub-models are nested more than {MaximumDepth} deep");
        var signature = archive.ReadJson<SignatureFile>(folder + ModelArchive.StateEntry).Loader ?? throw Damaged("it names no loader");
        if (TransformerLoaders.For(signature) is not { } load)
            throw Damaged($"its loader '{signature}' is unknown to this version of the engine");
        try
        {
            return load(this);
        }
        // What constructors and lookups say to a state that nobody saved: numbers out of range, a null or a name where it does not belong.
        catch (Exception refused) when (refused is ArgumentException or FormatException or OverflowException or IndexOutOfRangeException
            or KeyNotFoundException or InvalidCastException or NullReferenceException)
        {
            throw new InvalidDataException($"Part '{folder}' of the model file cannot be loaded: its state is refused: {refused.Message}", refused);
        }
    }

    /// <summary>The error of a part that cannot be what was saved.</summary>
    public InvalidDataException Damaged(string what) => new($"Part '{folder}' of the model file cannot be loaded: {what}.");
}
