using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine.Columns;

[TestClass]
public sealed class ColumnTransformsTests
{
    private readonly MLContext _ml = new();

    private static IEnumerable<object[]> Estimators =>
    [
        ["CopyColumns", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.CopyColumns("Copy", "Vector"))],
        ["Concatenate", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.Concatenate("Joined", "Number", "Vector"))],
        ["DropColumns", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.DropColumns("Text"))],
        ["SelectColumns", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.SelectColumns("Vector", "Text"))],
        ["MapValueToKey", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.Conversion.MapValueToKey("Key", "Text"))],
        ["MapValueToKey of numbers", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.Conversion.MapValueToKey("Key", "Number"))],
        ["MapKeyToValue", (Func<MLContext, IEstimator<ITransformer>>)(
            ml => ml.Transforms.Conversion.MapValueToKey("Key", "Text").Append(ml.Transforms.Conversion.MapKeyToValue("Back", "Key")))],
        ["NormalizeMinMax", (Func<MLContext, IEstimator<ITransformer>>)(ml => ml.Transforms.NormalizeMinMax("Scaled", "Vector", fixZero: false))],
    ];

    [TestMethod, DynamicData(nameof(Estimators))]
    public void Saved_and_loaded_it_makes_the_same_columns_and_values(string _, Func<MLContext, IEstimator<ITransformer>> make)
    {
        var view = View();
        var model = make(_ml).Fit(view);
        using var file = new MemoryStream();
        _ml.Model.Save(model, view.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out var _);

        Assert.AreEqual(model.GetOutputSchema(view.Schema).ToString(), loaded.GetOutputSchema(view.Schema).ToString());
        CollectionAssert.AreEqual(Dump(model.Transform(view)), Dump(loaded.Transform(view)));
    }

    [TestMethod, DynamicData(nameof(Estimators))]
    public void A_missing_input_column_is_an_error_that_names_it(string _, Func<MLContext, IEstimator<ITransformer>> make)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => make(_ml).Fit(_ml.Data.LoadFromEnumerable<Unrelated>([new()])));
        StringAssert.StartsWith(error.Message, "Could not find input column '");

        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => make(_ml).GetOutputSchema(new SchemaShape([])));
        StringAssert.StartsWith(error.Message, "Could not find input column '");
    }

    [TestMethod]
    public void A_copy_has_type_values_and_annotations_of_the_original()
    {
        var view = _ml.Transforms.CopyColumns("Copy", "Vector").Fit(View()).Transform(View());

        Assert.AreEqual(view.Schema["Vector"].ToString().Replace("Vector:", "Copy:"), view.Schema["Copy"].ToString());
        Assert.AreEqual("a|b", SlotNames(view.Schema["Copy"]));
        CollectionAssert.AreEqual(new[] { "1;2", "3;4", "-5;0" }, Dump(view, "Copy"));
    }

    [TestMethod]
    public void Joined_columns_stand_in_the_order_named_and_their_slots_are_named_after_them()
    {
        var view = _ml.Transforms.Concatenate("Joined", "Vector", "Number", "Plain").Fit(View()).Transform(View());

        Assert.AreEqual("Vector<Single, 5>", view.Schema["Joined"].Type.ToString());
        Assert.AreEqual("Vector.a|Vector.b|Number||", SlotNames(view.Schema["Joined"]));
        CollectionAssert.AreEqual(new[] { "1;2;10;0;7", "3;4;20;0;7", "-5;0;10;0;7" }, Dump(view, "Joined"));
    }

    [TestMethod]
    public void One_joined_vector_keeps_its_slot_names_and_nameless_ones_get_none()
    {
        Assert.AreEqual("a|b", SlotNames(_ml.Transforms.Concatenate("Joined", "Vector").Fit(View()).GetOutputSchema(View().Schema)["Joined"]));
        Assert.AreEqual("", $"{_ml.Transforms.Concatenate("Joined", "Plain").Fit(View()).GetOutputSchema(View().Schema)["Joined"].Annotations}");
    }

    [TestMethod]
    public void Columns_of_different_items_cannot_be_joined()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("Joined", "Number", "Text").Fit(View()));

        StringAssert.StartsWith(error.Message,
            "Schema mismatch for input column 'Text': expected Single or a vector of them of known size, got String");
    }

    [TestMethod]
    public void Selected_columns_stand_in_the_order_named() =>
        Assert.AreEqual("Text Number", Names(_ml.Transforms.SelectColumns("Text", "Number").Fit(View()).Transform(View())));

    [TestMethod]
    public void Dropping_leaves_the_others_as_they_stood() =>
        Assert.AreEqual("Vector Plain", Names(_ml.Transforms.DropColumns("Number", "Text").Fit(View()).Transform(View())));

    [TestMethod]
    public void Hidden_columns_are_dropped_unless_asked_for()
    {
        var view = _ml.Transforms.Conversion.MapValueToKey("Text").Fit(View()).Transform(View());

        Assert.AreEqual("Text", Names(_ml.Transforms.SelectColumns("Text").Fit(view).Transform(view)));
        Assert.AreEqual("Text Text", Names(_ml.Transforms.SelectColumns(["Text"], keepHidden: true).Fit(view).Transform(view)));
        Assert.AreEqual("Vector Plain Text", Names(_ml.Transforms.DropColumns("Number").Fit(view).Transform(view)));
    }

    [TestMethod]
    public void Naming_no_column_is_an_error()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.SelectColumns());
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Concatenate("Joined"));
    }

    // x / max(|min|, |max|): the first slot is divided by 5, the second by 4.
    [TestMethod]
    public void Scaled_with_0_fixed_the_values_lie_between_minus_1_and_1()
    {
        var view = _ml.Transforms.NormalizeMinMax("Scaled", "Vector").Fit(View()).Transform(View());

        CollectionAssert.AreEqual(new[] { "0.2;0.5", "0.6;1", "-1;0" }, Dump(view, "Scaled"));
        Assert.AreEqual("a|b", SlotNames(view.Schema["Scaled"]));
    }

    // (x − min) / (max − min): the first slot is (x + 5) / 8, the second x / 4.
    [TestMethod]
    public void Scaled_freely_the_values_lie_between_0_and_1() => CollectionAssert.AreEqual(
        new[] { "0.75;0.5", "1;1", "0;0" },
        Dump(_ml.Transforms.NormalizeMinMax("Scaled", "Vector", fixZero: false).Fit(View()).Transform(View()), "Scaled"));

    [TestMethod]
    public void A_constant_feature_becomes_0_when_scaled_freely_and_a_feature_of_zeros_always()
    {
        CollectionAssert.AreEqual(
            new[] { "0;0", "0;0", "0;0" }, Dump(_ml.Transforms.NormalizeMinMax("Plain", fixZero: false).Fit(View()).Transform(View()), "Plain"));
        CollectionAssert.AreEqual(
            new[] { "0;1", "0;1", "0;1" }, Dump(_ml.Transforms.NormalizeMinMax("Plain").Fit(View()).Transform(View()), "Plain"));
    }

    [TestMethod]
    public void The_range_may_be_learned_from_the_first_rows_alone_and_single_numbers_are_scaled_too() => CollectionAssert.AreEqual(
        new[] { "1", "2", "1" },
        Dump(_ml.Transforms.NormalizeMinMax("Scaled", "Number", maximumExampleCount: 1).Fit(View()).Transform(View()), "Scaled"));

    [TestMethod]
    public void Values_that_are_not_finite_widen_no_range()
    {
        Row[] rows = [new() { Number = 4 }, new() { Number = float.NaN }, new() { Number = float.PositiveInfinity }, new() { Number = 2 }];
        var view = _ml.Data.LoadFromEnumerable(rows);

        CollectionAssert.AreEqual(
            new[] { "1", "NaN", "Infinity", "0.5" }, Dump(_ml.Transforms.NormalizeMinMax("Number").Fit(view).Transform(view), "Number"));
    }

    [TestMethod]
    public void Without_rows_there_is_no_range() => Assert.ThrowsExactly<InvalidDataException>(
        () => _ml.Transforms.NormalizeMinMax("Number").Fit(_ml.Data.LoadFromEnumerable<Row>([])));

    private IDataView View()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Vector"].AddAnnotation("SlotNames", new[] { "a", "b" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        return _ml.Data.LoadFromEnumerable<Row>(
            [new() { Number = 10, Text = "x", Vector = [1, 2] }, new() { Number = 20, Text = "y", Vector = [3, 4] },
                new() { Number = 10, Text = "x", Vector = [-5, 0] }],
            definition);
    }

    private static string Names(IDataView view) => string.Join(' ', view.Schema.Select(column => column.Name));

    private static string SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue("SlotNames", ref names);
        return string.Join('|', names.DenseValues());
    }

    private static string[] Dump(IDataView view) => [.. view.Schema.Where(column => !column.IsHidden).SelectMany(column => Dump(view, column.Name))];

    private static string[] Dump(IDataView view, string name) => view.Schema[name].Type switch
    {
        VectorDataViewType => [.. view.GetColumn<float[]>(name).Select(values => string.Join(';', values))],
        NumberDataViewType => [.. view.GetColumn<float>(name).Select(value => $"{value}")],
        KeyDataViewType => [.. view.GetColumn<uint>(name).Select(value => $"{value}")],
        _ => [.. view.GetColumn<string>(name)],
    };

    private sealed class Row
    {
        public float Number { get; set; }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Vector { get; set; } = [0, 0];

        [VectorType(2)]
        public float[] Plain { get; set; } = [0, 7];
    }

    private sealed class Unrelated
    {
        public int Something { get; set; }
    }
}
