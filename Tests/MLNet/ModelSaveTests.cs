using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.MLNet;

/// <summary>What is in a file of <c>Model.Save</c> and what is not.</summary>
[TestClass]
public sealed class ModelSaveTests
{
    private static readonly MLContext Context = new(seed: 1);

    [TestMethod]
    public void The_class_names_of_a_trainer_s_scores_survive()
    {
        var (rows, trained) = Named();
        var chain = trained.Fit(rows);

        Assert.AreEqual("blue red", SlotNames(chain.Transform(rows), "Score"));
        Assert.AreEqual("blue red", SlotNames(SavedAndLoaded(chain, rows).Transform(rows), "Score"));
    }

    [TestMethod]
    public void Those_of_our_probabilities_behind_it_do_not_but_the_best_classes_keep_their_names()
    {
        var (rows, trained) = Named();
        var chain = trained.Append(Context.Transforms.TemperatureSoftmax("Probability", "Score", 1, SoftmaxInput.Probabilities))
            .Append(Context.Transforms.TopN("Top", "Probability", 1)).Fit(rows);
        var loaded = SavedAndLoaded(chain, rows).Transform(rows);

        Assert.AreEqual("blue red", SlotNames(chain.Transform(rows), "Probability"));
        Assert.IsNull(SlotNames(loaded, "Probability"));
        CollectionAssert.AreEqual((string[])["blue", "red"], loaded.GetColumn<string[]>("Top.Label").Take(2).Select(row => row[0]).ToArray());
    }

    [TestMethod]
    public void The_schema_definition_of_a_custom_mapping_is_lost()
    {
        var rows = Context.Data.LoadFromEnumerable<Given>([new()]);
        var definition = SchemaDefinition.Create(typeof(Mapped));
        definition[nameof(Mapped.Values)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition[nameof(Mapped.Values)].ColumnName = "Renamed";
        var mapping = Context.Transforms
            .CustomMapping(new DoublingFactory().GetMapping(), DoublingFactory.Contract, outputSchemaDefinition: definition).Fit(rows);

        Assert.AreEqual("Vector<Single, 2>", mapping.GetOutputSchema(rows.Schema)["Renamed"].Type.ToString());
        var loaded = SavedAndLoaded(mapping, rows).GetOutputSchema(rows.Schema);
        Assert.IsNull(loaded.GetColumnOrNull("Renamed"));
        Assert.AreEqual("Vector<Single>", loaded["Values"].Type.ToString());
    }

    [TestMethod]
    public void A_transformer_from_outside_has_nothing_to_save_itself_by()
    {
        var own = typeof(ModelSaveContext).GetMethods().Where(method => method.DeclaringType == typeof(ModelSaveContext));

        CollectionAssert.AreEqual((string[])[nameof(IDisposable.Dispose)], own.Select(method => method.Name).ToArray());
        Assert.IsEmpty(typeof(ModelSaveContext).GetConstructors());
    }

    [TestMethod]
    public void An_image_column_is_missing_from_the_schema_that_is_loaded()
    {
        using var file = new MemoryStream();
        using var image = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgba32, new byte[16]);
        var rows = Context.Data.LoadFromEnumerable<Pictured>([new() { Image = image }]);
        Context.Model.Save(Context.Transforms.CopyColumns("Copy", "Id").Fit(rows), rows.Schema, file);
        file.Position = 0;
        Context.Model.Load(file, out var schema);

        CollectionAssert.AreEqual((string[])["Id"], schema.Select(column => column.Name).ToArray());
    }

    private static (IDataView Rows, IEstimator<ITransformer> Trained) Named()
    {
        var rows = Context.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(
            i => i % 2 == 0 ? new NamedRow { Name = "blue", Features = [5, 0] } : new NamedRow { Name = "red", Features = [0, 5] }));
        var trained = Context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        return (rows, trained);
    }

    private static ITransformer SavedAndLoaded(ITransformer model, IDataView rows)
    {
        using var file = new MemoryStream();
        Context.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        return Context.Model.Load(file, out _);
    }

    private static string? SlotNames(IDataView view, string column)
    {
        var annotations = view.Schema[column].Annotations;
        if (annotations.Schema.GetColumnOrNull("SlotNames") is null)
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        annotations.GetValue("SlotNames", ref names);
        return string.Join(' ', names.DenseValues());
    }

    private sealed class NamedRow
    {
        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Pictured
    {
        public string Id { get; set; } = "";

        [ImageType(2, 2)]
        public MLImage? Image { get; set; }
    }

    public sealed class Given
    {
        public float Value { get; set; } = 1;
    }

    public sealed class Mapped
    {
        public float[] Values { get; set; } = [];
    }

    [CustomMappingFactoryAttribute(Contract)]
    public sealed class DoublingFactory : CustomMappingFactory<Given, Mapped>
    {
        public const string Contract = "MLPipelines.Tests.Doubling";

        public override Action<Given, Mapped> GetMapping() => (given, mapped) => mapped.Values = [given.Value, 2 * given.Value];
    }
}
