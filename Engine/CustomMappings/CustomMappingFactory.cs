using Microsoft.ML.Data;

namespace Microsoft.ML
{
    /// <summary>Names a class by a contract, so that a saved model finds it again.</summary>
    public abstract class ExtensionBaseAttribute : Attribute
    {
        private protected ExtensionBaseAttribute(string contractName)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(contractName);
            ContractName = contractName;
        }

        internal string ContractName { get; }
    }
}

namespace Microsoft.ML.Transforms
{
    /// <summary>Says by which contract name saved models find a <see cref="CustomMappingFactory{TSrc, TDst}"/>.</summary>
    /// <param name="contractName">The name given to <see cref="CustomMappingCatalog.CustomMapping"/>.</param>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CustomMappingFactoryAttributeAttribute(string contractName) : ExtensionBaseAttribute(contractName)
    {
    }

    /// <summary>Gives the code of a custom mapping back when a saved model is loaded. It has a constructor without parameters.</summary>
    public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
        where TSrc : class, new()
        where TDst : class, new()
    {
        /// <summary>The mapping, the same as the one that was saved.</summary>
        public abstract Action<TSrc, TDst> GetMapping();

        ITransformer ICustomMappingFactory.Create(MLContext context, string contractName, SavedDefinition input, SavedDefinition output) =>
            new CustomMappingTransformer<TSrc, TDst>(context, GetMapping(), contractName,
                input.ApplyTo(SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write)),
                output.ApplyTo(SchemaDefinition.Create(typeof(TDst), SchemaDefinition.Direction.Read)));
    }

    /// <summary>A factory whatever its row classes are.</summary>
    internal interface ICustomMappingFactory
    {
        ITransformer Create(MLContext context, string contractName, SavedDefinition input, SavedDefinition output);
    }
}
