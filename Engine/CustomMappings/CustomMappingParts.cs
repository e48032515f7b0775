using System.Reflection;

namespace Microsoft.ML.Transforms;

/// <summary>A custom mapping in a model file: its contract, the assembly its code was in, and the columns as they were renamed and sized.</summary>
internal static class CustomMappingParts
{
    public const string Signature = "CustomMapping";

    internal sealed record State(string Contract, string Assembly, SavedDefinition Input, SavedDefinition Output);

    /// <exception cref="InvalidOperationException">No assembly at hand has a factory of the contract.</exception>
    public static ITransformer Load(ModelLoadContext context)
    {
        var state = context.ReadState<State>();
        if (state is { Contract: null } or { Assembly: null } || !IsWhole(state.Input) || !IsWhole(state.Output))
            throw context.Damaged("its state is incomplete");
        var factory = context.Context.ComponentCatalog.FindFactoryOrNull(state.Contract, AssemblyOrNull(state.Assembly)) ??
            throw new InvalidOperationException(
                $"The model has a custom mapping of contract '{state.Contract}', whose code was in {state.Assembly}; no class marked " +
                $"[CustomMappingFactoryAttribute(\"{state.Contract}\")] was found there. " +
                "Register the assembly that has it: mlContext.ComponentCatalog.RegisterAssembly.");
        return factory.Create(context.Context, state.Contract, state.Input, state.Output);
    }

    private static bool IsWhole(SavedDefinition definition) => definition is { Members: not null, Schema: not null };

    // An assembly that is not there is no error yet: the factory may be in a registered one.
    private static Assembly AssemblyOrNull(string name)
    {
        try
        {
            return Assembly.Load(new AssemblyName(name));
        }
        catch (Exception absent) when (absent is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
