using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLPipelines.Tests.Engine;

/// <summary>A small mapping for tests: <c>Y = 2·X + shift</c>; its factory gives shift 0.</summary>
internal static class Doubling
{
    public const string Contract = "doubling";

    public sealed class Input
    {
        public float X;
    }

    public sealed class Output
    {
        public float Y;
    }

    public static CustomMappingEstimator<Input, Output> Estimator(MLContext ml, string? contract = Contract, string output = "Y")
    {
        var definition = SchemaDefinition.Create(typeof(Output));
        definition["Y"].ColumnName = output;
        return ml.Transforms.CustomMapping<Input, Output>(Map, contract, outputSchemaDefinition: definition);
    }

    public static IDataView Rows(MLContext ml, params float[] values) =>
        ml.Data.LoadFromEnumerable(values.Select(value => new Input { X = value }).ToList());

    public static void Map(Input input, Output output) => output.Y = 2 * input.X;

    [CustomMappingFactoryAttribute(Contract)]
    public sealed class Factory : CustomMappingFactory<Input, Output>
    {
        public override Action<Input, Output> GetMapping() => Map;
    }
}
