using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class DataViewTypeTests
{
    [TestMethod]
    public void Types_are_written_as_ML_NET_writes_them()
    {
        Assert.AreEqual("String", TextDataViewType.Instance.ToString());
        Assert.AreEqual("Boolean", BooleanDataViewType.Instance.ToString());
        Assert.AreEqual("Single", NumberDataViewType.Single.ToString());
        Assert.AreEqual("DateTime", DateTimeDataViewType.Instance.ToString());
        Assert.AreEqual("DateTimeOffset", DateTimeOffsetDataViewType.Instance.ToString());
        Assert.AreEqual("TimeSpan", TimeSpanDataViewType.Instance.ToString());
        Assert.AreEqual("DataViewRowId", RowIdDataViewType.Instance.ToString());
        Assert.AreEqual("Key<UInt32, 0-2>", new KeyDataViewType(typeof(uint), 3).ToString());
        Assert.AreEqual("Vector<Single, 3>", new VectorDataViewType(NumberDataViewType.Single, 3).ToString());
        Assert.AreEqual("Vector<Single, 3, 2, 2>", new VectorDataViewType(NumberDataViewType.Single, 3, 2, 2).ToString());
        Assert.AreEqual("Vector<Byte>", new VectorDataViewType(NumberDataViewType.Byte).ToString());
    }

    [TestMethod]
    public void Every_number_has_its_own_type()
    {
        NumberDataViewType[] numbers =
        [
            NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
            NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        ];

        CollectionAssert.AllItemsAreUnique(numbers.Select(number => number.RawType).ToArray());
        Assert.IsTrue(numbers.All(number => number.Equals(number) && number.ToString() == number.RawType.Name));
    }

    [TestMethod]
    public void Vectors_equal_by_items_and_dimensions()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, ImmutableArray.Create(2, 3));

        Assert.IsTrue(vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 2, 3)));
        Assert.AreEqual(vector.GetHashCode(), new VectorDataViewType(NumberDataViewType.Single, 2, 3).GetHashCode());
        Assert.IsFalse(vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)));
        Assert.IsFalse(vector.Equals(new VectorDataViewType(NumberDataViewType.Double, 2, 3)));
        Assert.AreEqual(6, vector.Size);
        CollectionAssert.AreEqual(new[] { 2, 3 }, vector.Dimensions);
        Assert.AreSame(NumberDataViewType.Single, vector.ItemType);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single, 0, 3).IsKnownSize);
    }

    [TestMethod]
    public void Keys_equal_by_integer_and_count()
    {
        var key = new KeyDataViewType(typeof(uint), 3);

        Assert.AreEqual(key, new KeyDataViewType(typeof(uint), 3UL));
        Assert.AreNotEqual(key, new KeyDataViewType(typeof(byte), 3));
        Assert.AreNotEqual(key, new KeyDataViewType(typeof(uint), 4));
        Assert.AreEqual(3UL, key.Count);
    }

    [TestMethod]
    public void A_key_needs_an_unsigned_integer_and_a_count_that_fits()
    {
        Assert.Throws<ArgumentException>(() => new KeyDataViewType(typeof(int), 3));
        Assert.Throws<ArgumentException>(() => new KeyDataViewType(typeof(byte), 300));
        Assert.Throws<ArgumentException>(() => new KeyDataViewType(typeof(uint), 0));
    }

    [TestMethod]
    public void A_vector_of_negative_or_overflowing_size_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
        Assert.Throws<ArgumentException>(() => new VectorDataViewType(NumberDataViewType.Single, 1 << 20, 1 << 20));
    }
}
