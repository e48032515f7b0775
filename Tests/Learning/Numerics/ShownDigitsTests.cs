using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Numerics;

[TestClass]
public sealed class ShownDigitsTests
{
    [TestMethod]
    [DataRow(0.92849, 3, 0.928, 0.929)]
    [DataRow(0.9285, 4, 0.9285, 0.9285)]
    [DataRow(0.99996, 4, 0.9999, 1.0)]
    [DataRow(1.0, 3, 1.0, 1.0)]
    [DataRow(0.0, 3, 0.0, 0.0)]
    [DataRow(-0.2501, 3, -0.251, -0.25)]
    [DataRow(1e15 + 0.5, 3, 1e15 + 0.5, 1e15 + 0.5)]
    [DataRow(double.NaN, 3, double.NaN, double.NaN)]
    [DataRow(double.PositiveInfinity, 3, double.PositiveInfinity, double.PositiveInfinity)]
    public void A_number_is_cut_to_the_one_below_or_above(double value, int decimals, double down, double up)
    {
        Assert.AreEqual(down, ShownDigits.Down(value, decimals));
        Assert.AreEqual(up, ShownDigits.Up(value, decimals));
    }

    [TestMethod]
    public void A_share_that_has_no_more_decimals_than_are_shown_is_shown_as_it_is()
    {
        for (var right = 0; right <= 10_000; right++)
        {
            Assert.AreEqual(right / 1e4, ShownDigits.Down(right / 1e4, 4));
            Assert.AreEqual(right / 1e4, ShownDigits.Up(right / 1e4, 4));
            Assert.AreEqual(right / 1e2, ShownDigits.Down(100 * (right / 1e4), 2));
        }
    }

    [TestMethod]
    public void What_is_shown_is_never_on_the_wrong_side_and_less_than_a_digit_away()
    {
        for (var all = 1; all <= 400; all++)
        {
            for (var right = 0; right <= all; right++)
            {
                var share = (double)right / all;
                Assert.IsTrue(ShownDigits.Down(share, 3) is var down && down <= share + 1e-15 && down > share - 1e-3, $"{right} of {all}: {down}");
                Assert.IsTrue(ShownDigits.Up(share, 3) is var up && up >= share - 1e-15 && up < share + 1e-3, $"{right} of {all}: {up}");
            }
        }
    }
}
