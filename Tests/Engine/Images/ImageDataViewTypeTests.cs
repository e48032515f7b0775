using Microsoft.ML.Transforms.Image;

namespace MLPipelines.Tests.Engine.Images;

[TestClass]
public sealed class ImageDataViewTypeTests
{
    [TestMethod]
    public void Image_types_equal_by_size_and_are_written_as_ML_NET_writes_them()
    {
        var (any, sized) = (new ImageDataViewType(), new ImageDataViewType(height: 2, width: 4));

        Assert.AreEqual("Image", any.ToString());
        Assert.AreEqual("Image<2, 4>", sized.ToString());
        Assert.AreEqual((2, 4, 0, 0), (sized.Height, sized.Width, any.Height, any.Width));
        Assert.IsTrue(sized.Equals(new ImageDataViewType(2, 4)));
        Assert.AreEqual(sized.GetHashCode(), new ImageDataViewType(2, 4).GetHashCode());
        Assert.IsFalse(sized.Equals(any));
        Assert.IsFalse(sized.Equals(new ImageDataViewType(4, 2)));
    }

    [TestMethod]
    [DataRow(0, 4)]
    [DataRow(2, -1)]
    public void A_size_of_nothing_is_refused(int height, int width) => Assert.Throws<ArgumentException>(() => new ImageDataViewType(height, width));
}
