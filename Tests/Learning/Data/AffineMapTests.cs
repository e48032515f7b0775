using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class AffineMapTests
{
    private static readonly ImageShape threeByThree = new(3, 3, 1);
    private static readonly float[] numbered = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [TestMethod]
    public void The_identity_gives_the_image_itself() => CollectionAssert.AreEqual(numbered, Moved(AffineMap.Of(threeByThree)));

    // Counter-clockwise: the right column becomes the top row.
    [TestMethod]
    public void A_quarter_turn_is_counter_clockwise() =>
        AssertClose([3, 6, 9, 2, 5, 8, 1, 4, 7], Moved(AffineMap.Of(threeByThree, angleDegrees: 90)));

    [TestMethod]
    public void A_half_turn_is_a_flip_of_both_axes() =>
        AssertClose(Moved(AffineMap.Of(threeByThree, flipX: true, flipY: true)), Moved(AffineMap.Of(threeByThree, angleDegrees: 180)));

    [TestMethod]
    public void A_shift_goes_right_and_down()
    {
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 0, 4, 5, 0, 7, 8 }, Moved(AffineMap.Of(threeByThree, shiftX: 1)));
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 1, 2, 3, 4, 5, 6 }, Moved(AffineMap.Of(threeByThree, shiftY: 1)));
    }

    // Half way between two pixels is their mean; half of the first one's neighbour is the border.
    [TestMethod]
    public void A_shift_by_half_a_pixel_takes_means()
    {
        var map = AffineMap.Of(threeByThree, shiftX: 0.5);

        AssertClose([0.5f, 1.5f, 2.5f, 2, 4.5f, 5.5f, 3.5f, 7.5f, 8.5f], Moved(map));
        AssertClose([1, 1.5f, 2.5f, 4, 4.5f, 5.5f, 7, 7.5f, 8.5f], Moved(map, BorderFill.Edge));
        AssertClose([1.5f, 1.5f, 2.5f, 4.5f, 4.5f, 5.5f, 7.5f, 7.5f, 8.5f], Moved(map, BorderFill.Mirror));
    }

    // A ramp doubled in size about its centre rises half as fast.
    [TestMethod]
    public void Twice_the_size_halves_the_slope()
    {
        var shape = new ImageShape(1, 5, 1);
        var target = new float[5];

        AffineMap.Of(shape, scale: 2).Resample([10, 20, 30, 40, 50], target, shape, BorderFill.Edge, 0);

        AssertClose([20, 25, 30, 35, 40], target);
    }

    [TestMethod]
    public void What_lies_beyond_the_border_is_the_fill_value_the_edge_or_the_mirror()
    {
        var map = AffineMap.Of(threeByThree, shiftX: 2);

        CollectionAssert.AreEqual(new float[] { 99, 99, 1, 99, 99, 4, 99, 99, 7 }, Moved(map, BorderFill.Value, 99));
        CollectionAssert.AreEqual(new float[] { 1, 1, 1, 4, 4, 4, 7, 7, 7 }, Moved(map, BorderFill.Edge));
        CollectionAssert.AreEqual(new float[] { 3, 2, 1, 6, 5, 4, 9, 8, 7 }, Moved(map, BorderFill.Mirror));
    }

    [TestMethod]
    public void Channels_move_together()
    {
        var shape = new ImageShape(1, 2, 3);
        var target = new float[6];

        AffineMap.Of(shape, flipX: true).Resample([1, 2, 3, 4, 5, 6], target, shape, BorderFill.Value, 0);

        CollectionAssert.AreEqual(new float[] { 4, 5, 6, 1, 2, 3 }, target);
    }

    private static float[] Moved(AffineMap map, BorderFill border = BorderFill.Value, float fillValue = 0)
    {
        var target = new float[9];
        map.Resample(numbered, target, threeByThree, border, fillValue);
        return target;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-5f, $"value {i}");
    }
}
