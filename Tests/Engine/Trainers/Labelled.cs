using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine.Trainers;

/// <summary>A training row: features, class, weight.</summary>
internal sealed class Labelled(float[] features, int label, float weight = 1)
{
    public float[] Features => features;

    /// <summary>The class from 0; below 0: missing.</summary>
    [KeyType(1)]
    public uint Label => unchecked((uint)label);

    public float Weight => weight;

    /// <summary>A view of rows, their key and vector types sized.</summary>
    public static IDataView View(int features, int classes, IEnumerable<Labelled> rows)
    {
        var definition = SchemaDefinition.Create(typeof(Labelled));
        definition[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        definition[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return new MLContext().Data.LoadFromEnumerable(rows.ToList(), definition);
    }

    /// <summary>Overlapping clouds, one for each class, around corners of a cube; the same for the same arguments.</summary>
    public static Labelled[] Clouds(int rows, int features, int classes, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(row =>
        {
            var label = row % classes;
            var values = new float[features];
            for (var j = 0; j < features; j++)
                values[j] = (float)(random.NextDouble() * 1.5 + ((label >> (j % 4)) & 1));
            return new Labelled(values, label, 0.5f + row % 3);
        })];
    }
}
