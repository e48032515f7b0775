using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLPipelines.Tests.Engine.Columns;

[TestClass]
public sealed class KeyMappingTests
{
    private static readonly string[] Words = ["pear", "apple", "", "pear", "Zebra", "apple"];

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Keys_count_from_1_in_order_of_occurrence_and_empty_text_has_none()
    {
        var view = Map(Words);

        Assert.AreEqual("Key<UInt32, 0-2>", view.Schema["Key"].Type.ToString());
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0, 1, 3, 2 }, Keys(view));
        Assert.AreEqual("pear|apple|Zebra", Values(view));
    }

    [TestMethod]
    public void Keys_may_be_ordered_by_value_with_capitals_before_small_letters()
    {
        var view = Map(Words, keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

        Assert.AreEqual("Zebra|apple|pear", Values(view));
        CollectionAssert.AreEqual(new uint[] { 3, 2, 0, 3, 1, 2 }, Keys(view));
    }

    [TestMethod]
    public void Values_met_after_the_last_key_is_given_have_none() =>
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0, 1, 0, 2 }, Keys(Map(Words, maximumNumberOfKeys: 2)));

    [TestMethod]
    public void Key_data_decide_which_values_have_keys_and_in_which_order()
    {
        var view = Map(Words, keyData: Texts("apple", "kiwi", "pear"));

        Assert.AreEqual("apple|kiwi|pear", Values(view));
        CollectionAssert.AreEqual(new uint[] { 3, 1, 0, 3, 0, 1 }, Keys(view));
    }

    [TestMethod]
    public void Values_not_seen_in_training_have_no_key()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(Texts("a", "b"));

        CollectionAssert.AreEqual(new uint[] { 2, 0, 1 }, Keys(model.Transform(Texts("b", "c", "a"))));
    }

    [TestMethod]
    public void Numbers_have_keys_too_and_NaN_has_none()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { 2.5f, float.NaN, -1, 2.5f }.Select(value => new Holder<float> { Value = value }).ToList());
        var mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(view).Transform(view);

        CollectionAssert.AreEqual(new uint[] { 2, 0, 1, 2 }, Keys(mapped));
        VBuffer<float> values = default;
        mapped.Schema["Key"].Annotations.GetValue("KeyValues", ref values);
        CollectionAssert.AreEqual(new[] { -1, 2.5f }, values.DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { 2.5f, float.NaN, -1, 2.5f }, Back<float>(mapped));
    }

    [TestMethod]
    public void Whole_numbers_and_Booleans_have_keys()
    {
        IDataView MapOf<T>(params T[] items)
        {
            var view = _ml.Data.LoadFromEnumerable(items.Select(item => new Holder<T> { Value = item }).ToList());
            return _ml.Transforms.Conversion.MapValueToKey("Key", "Value", addKeyValueAnnotationsAsText: true).Fit(view).Transform(view);
        }

        Assert.AreEqual("7|-3", Values(MapOf(7, -3, 7)));
        Assert.AreEqual("18446744073709551615|0", Values(MapOf(ulong.MaxValue, 0ul)));
        Assert.AreEqual("True|False", Values(MapOf(true, false, true)));
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1 }, Keys(MapOf<byte>(9, 8, 9)));
    }

    [TestMethod]
    public void A_key_turned_back_is_its_value_and_a_missing_one_empty_text()
    {
        var back = _ml.Transforms.Conversion.MapKeyToValue("Key").Fit(Map(Words)).Transform(Map(Words));

        CollectionAssert.AreEqual(Words, back.GetColumn<string>("Key").ToArray());
        Assert.AreEqual("Key: String", back.Schema["Key"].ToString());
        Assert.AreEqual(2, back.Schema.Count(column => column.Name == "Key"));
    }

    [TestMethod]
    public void A_vector_of_keys_is_turned_back_item_by_item()
    {
        var definition = SchemaDefinition.Create(typeof(Ranking));
        definition["Keys"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), 3);
        definition["Keys"].AddAnnotation("KeyValues", new[] { "cat", "dog" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        // Keys in a vector are raw, from 1; 0 is missing.
        var view = _ml.Data.LoadFromEnumerable<Ranking>([new() { Keys = [2, 1, 0] }], definition);
        var back = _ml.Transforms.Conversion.MapKeyToValue("Names", "Keys").Fit(view).Transform(view);

        Assert.AreEqual("Vector<String, 3>", back.Schema["Names"].Type.ToString());
        CollectionAssert.AreEqual(new[] { "dog", "cat", "" }, back.GetColumn<string[]>("Names").Single());
    }

    [TestMethod]
    public void Without_key_values_nothing_can_be_turned_back()
    {
        var definition = SchemaDefinition.Create(typeof(Ranking));
        definition["Keys"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), 3);
        var view = _ml.Data.LoadFromEnumerable<Ranking>([], definition);

        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapKeyToValue("Names", "Keys").Fit(view)).Message,
            "expected Key with the annotation KeyValues");
    }

    [TestMethod]
    public void Where_no_value_can_get_a_key_that_is_an_error()
    {
        Assert.ThrowsExactly<InvalidDataException>(() => Map([]));
        Assert.ThrowsExactly<InvalidDataException>(() => Map(["", ""]));
    }

    [TestMethod]
    public void Key_data_must_be_one_column_of_the_same_type()
    {
        var words = Texts("a");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Conversion.MapValueToKey("Key", "Value", keyData: Map(["a"])));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.Conversion.MapValueToKey("Key", "Value", keyData: _ml.Data.LoadFromEnumerable<Holder<float>>([new()])).Fit(words));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Key", "Value", maximumNumberOfKeys: 0));
    }

    [TestMethod]
    public void Vectors_have_no_keys()
    {
        var view = _ml.Data.LoadFromEnumerable<Holder<float[]>>([]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(view));
    }

    private IDataView Map(
        string[] words,
        int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        IDataView? keyData = null) =>
        _ml.Transforms.Conversion.MapValueToKey("Key", "Value", maximumNumberOfKeys, keyOrdinality, keyData: keyData).Fit(Texts(words))
            .Transform(Texts(words));

    private IDataView Texts(params string[] words) => _ml.Data.LoadFromEnumerable(words.Select(word => new Holder<string> { Value = word }).ToList());

    private static uint[] Keys(IDataView view) => [.. view.GetColumn<uint>("Key")];

    private T[] Back<T>(IDataView view) => [.. _ml.Transforms.Conversion.MapKeyToValue("Back", "Key").Fit(view).Transform(view).GetColumn<T>("Back")];

    private static string Values(IDataView view)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        view.Schema["Key"].Annotations.GetValue("KeyValues", ref values);
        return string.Join('|', values.DenseValues());
    }

    private sealed class Holder<T>
    {
        public T Value { get; set; } = default!;
    }

    private sealed class Ranking
    {
        public uint[] Keys { get; set; } = [];
    }
}
