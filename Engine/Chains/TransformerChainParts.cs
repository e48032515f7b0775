namespace Microsoft.ML.Data;

/// <summary>A chain in a model file: its scopes, and one part per transformer.</summary>
internal static class TransformerChainParts
{
    public const string Signature = "TransformerChain";

    private sealed record State(TransformerScope[] Scopes);

    public static void Save(ModelSaveContext context, ITransformer[] transformers, TransformerScope[] scopes)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.WriteState(Signature, new State(scopes));
        for (var index = 0; index < transformers.Length; index++)
            context.WritePart(PartName(index), transformers[index]);
    }

    public static TransformerChain<ITransformer> Load(ModelLoadContext context)
    {
        var scopes = context.ReadState<State>().Scopes ?? throw context.Damaged("it names no scopes");
        return new(scopes.Select((_, index) => context.ReadPart(PartName(index))), scopes);
    }

    private static string PartName(int index) => $"Transform_{index:000}";
}
