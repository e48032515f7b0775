// MLPipelines.Tests.FreshProcess ROWS.json (MODEL.zip COLUMN|COLUMN…)…: loads each model, transforms the rows and prints the columns as one
// line of JSON per model, a list for each column.
// MLPipelines.Tests.FreshProcess train FOLDER: a training to be killed, see InterruptedTraining.
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Tests.FreshProcess;

if (args is ["train", var folder])
{
    InterruptedTraining.GoOn(folder);
    return;
}

var ml = new MLContext();
var rows = ml.Data.LoadFromEnumerable(JsonSerializer.Deserialize<Row[]>(File.ReadAllText(args[0]), FreshJson.Options)!);
foreach (var job in args[1..].Chunk(2))
{
    var scored = ml.Model.Load(job[0], out _).Transform(rows);
    var columns = job[1].Split('|').Select(name => Values(scored, scored.Schema[name]));
    Console.WriteLine(JsonSerializer.Serialize(columns, FreshJson.Options));
}

static object Values(IDataView view, DataViewSchema.Column column) => ((VectorDataViewType)column.Type).ItemType switch
{
    TextDataViewType => view.GetColumn<string[]>(column.Name).ToArray(),
    var item when item == NumberDataViewType.Single => view.GetColumn<float[]>(column.Name).ToArray(),
    _ => view.GetColumn<long[]>(column.Name).ToArray(),
};

namespace MLPipelines.Tests.FreshProcess
{
    public sealed class Row
    {
        [VectorType(3)]
        public float[] Scores { get; set; } = [];

        [VectorType(1, 2, 2)]
        public float[] Pixels { get; set; } = [];
    }

    public static class FreshJson
    {
        public static JsonSerializerOptions Options { get; } =
            new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
    }
}
