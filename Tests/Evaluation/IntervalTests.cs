using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class IntervalTests
{
    // Newcombe 1998, “Two-sided confidence intervals for the single proportion”, table I: the score method.
    [TestMethod]
    [DataRow(81, 263, .2553, .3662)]
    [DataRow(15, 148, .0624, .1605)]
    [DataRow(0, 20, 0, .1611)]
    [DataRow(1, 29, .0061, .1718)]
    public void Wilson_intervals_as_published(int successes, int count, double lower, double upper)
    {
        var interval = Interval.Wilson((double)successes / count, count, .95);

        Assert.AreEqual(lower, interval.Lower, 5e-5);
        Assert.AreEqual(upper, interval.Upper, 5e-5);
    }

    // z is 2.5758293035489 for 99 %; with all of n right the lower end is n / (n + z²).
    [TestMethod]
    public void The_level_sets_the_width() =>
        Assert.AreEqual(10 / (10 + (2.5758293035489 * 2.5758293035489)), Interval.Wilson(1, 10, .99).Lower, 1e-12);

    [TestMethod]
    public void It_ends_at_0_and_1_exactly()
    {
        Assert.AreEqual(0, Interval.Wilson(0, 7, .95).Lower);
        Assert.AreEqual(1, Interval.Wilson(1, 7, .95).Upper);
    }

    [TestMethod]
    public void Without_rows_there_is_none() => Assert.IsTrue(double.IsNaN(Interval.Wilson(double.NaN, 0, .95).Lower));
}
