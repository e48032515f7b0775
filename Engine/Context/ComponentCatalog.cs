using System.Reflection;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Runtime;

/// <summary>Where a loaded model finds the code of its custom mappings. Thread-safe.</summary>
public sealed class ComponentCatalog
{
    private readonly Dictionary<string, Type> _factories = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>Makes the <see cref="CustomMappingFactoryAttributeAttribute"/> classes of an assembly known.</summary>
    /// <param name="assembly">Registering one twice does nothing.</param>
    /// <param name="throwOnError">Whether two factories of one contract name are an error; else the one registered first stays.</param>
    /// <exception cref="InvalidOperationException">Another class is registered for the same contract name.</exception>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_factories)
        {
            foreach (var (contract, type) in FactoriesIn(assembly))
            {
                if (!_factories.TryAdd(contract, type) && _factories[contract] != type && throwOnError)
                    throw new InvalidOperationException(
                        $"Contract '{contract}' is registered for {_factories[contract]} already; {type} cannot have the same name.");
            }
        }
    }

    /// <summary>The factory of a contract: a registered one, else one in the assembly that the mapping came from.</summary>
    internal ICustomMappingFactory FindFactoryOrNull(string contractName, Assembly origin)
    {
        Type type;
        lock (_factories)
            type = _factories.GetValueOrDefault(contractName);
        if (type is null && origin is not null)
            type = FactoriesIn(origin).FirstOrDefault(factory => factory.Contract == contractName).Type;
        return type is null ? null : (ICustomMappingFactory)Activator.CreateInstance(type, nonPublic: true);
    }

    private static IEnumerable<(string Contract, Type Type)> FactoriesIn(Assembly assembly) =>
        from type in assembly.GetTypes()
        where type.IsAssignableTo(typeof(ICustomMappingFactory)) && !type.IsAbstract && !type.ContainsGenericParameters
        let attribute = type.GetCustomAttribute<CustomMappingFactoryAttributeAttribute>()
        where attribute is not null
        select (attribute.ContractName, type);
}
