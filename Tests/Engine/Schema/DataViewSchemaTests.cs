using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class DataViewSchemaTests
{
    [TestMethod]
    public void A_later_column_hides_an_earlier_one_of_its_name()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", NumberDataViewType.Single);
        builder.AddColumn("A", TextDataViewType.Instance);
        var schema = builder.ToSchema();

        Assert.AreEqual(3, schema.Count);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
        Assert.AreEqual(2, schema["A"].Index);
        Assert.AreEqual(TextDataViewType.Instance, schema["A"].Type);
        Assert.IsNull(schema.GetColumnOrNull("C"));
    }

    [TestMethod]
    public void Asking_for_a_column_that_is_not_there_is_an_error() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DataViewSchema.Builder().ToSchema()["C"]);

    [TestMethod]
    public void Annotations_are_read_by_kind()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", TextDataViewType.Instance, "mm".AsMemory());
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, ["x".AsMemory(), "y".AsMemory()]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Size", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        var column = builder.ToSchema()["Size"];

        ReadOnlyMemory<char> unit = default;
        column.Annotations.GetValue("Unit", ref unit);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column.Annotations.Schema["SlotNames"])(ref names);

        Assert.AreEqual("mm", unit.ToString());
        Assert.AreEqual("x|y", string.Join("|", names.DenseValues()));
    }

    [TestMethod]
    public void Annotations_are_copied_by_choice()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("A", NumberDataViewType.Int32, 1);
        source.AddPrimitiveValue("B", NumberDataViewType.Int32, 2);
        var copy = new DataViewSchema.Annotations.Builder();
        copy.Add(source.ToAnnotations(), kind => kind == "B");

        var value = 0;
        copy.ToAnnotations().GetValue("B", ref value);
        Assert.AreEqual(2, value);
        Assert.AreEqual(1, copy.ToAnnotations().Schema.Count);
        Assert.ThrowsExactly<InvalidOperationException>(() => copy.ToAnnotations().GetValue("A", ref value));
    }

    [TestMethod]
    public void Columns_of_other_schemas_are_added_with_their_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("A", NumberDataViewType.Int32, 1);
        var first = new DataViewSchema.Builder();
        first.AddColumns([new DataViewSchema.DetachedColumn("X", NumberDataViewType.Single, annotations.ToAnnotations())]);
        var second = new DataViewSchema.Builder();
        second.AddColumns(first.ToSchema());

        Assert.AreEqual(1, second.ToSchema()["X"].Annotations.Schema.Count);
        Assert.AreEqual(0, DataViewSchema.Annotations.Empty.Schema.Count);
    }
}
