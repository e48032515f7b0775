using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class FiguresTests
{
    [TestMethod]
    [DataRow(0.8431, "84.3\u00A0%")]
    [DataRow(0.0, "0\u00A0%")]
    [DataRow(1.0, "100\u00A0%")]
    [DataRow(0.9999, "99.99\u00A0%")]
    [DataRow(0.99994, "99.994\u00A0%")]
    [DataRow(0.0004, "0.04\u00A0%")]
    [DataRow(0.9995, "99.95\u00A0%")]
    [DataRow(0.00099999, "0.09\u00A0%")]
    [DataRow(0.92849, "92.8\u00A0%")]
    [DataRow(0.92999, "92.9\u00A0%")]
    [DataRow(0.9285, "92.8\u00A0%")]
    [DataRow(0.29, "29.0\u00A0%")]
    [DataRow(double.NaN, "n/a")]
    public void A_share_prints_in_percent_rounded_down_and_as_all_or_nothing_only_where_it_is(double share, string expected) =>
        Assert.AreEqual(expected, Figures.Percent(share));

    [TestMethod]
    [DataRow(0.843, "84.3\u00A0%")]
    [DataRow(0.0000537, "5.4e-5")]
    [DataRow(0.99994, "99.994\u00A0%")]
    [DataRow(0.001, "0.1\u00A0%")]
    [DataRow(1e-300, "1.0e-300")]
    [DataRow(0.0, "0\u00A0%")]
    public void A_probability_prints_so_that_small_differences_show(double probability, string expected) =>
        Assert.AreEqual(expected, Figures.Probability(probability));

    [TestMethod]
    [DataRow(0.6123, "0.612")]
    [DataRow(0.00123, "1.23e-3")]
    [DataRow(0.9996, "0.9996")]
    [DataRow(1.0, "1.000")]
    [DataRow(0.9994, "0.999")]
    [DataRow(-0.25, "−0.250")]
    [DataRow(double.NaN, "n/a")]
    [DataRow(double.PositiveInfinity, "∞")]
    public void A_value_prints_with_three_decimals_or_three_digits(double value, string expected) => Assert.AreEqual(expected, Figures.Value(value));

    [TestMethod]
    [DataRow(0.9287, "0.928")]
    [DataRow(0.29, "0.290")]
    [DataRow(0.99968, "0.9996")]
    [DataRow(0.009999, "9.99e-3")]
    [DataRow(0.01, "0.010")]
    [DataRow(1.0, "1.000")]
    [DataRow(0.0, "0.000")]
    [DataRow(-0.2501, "−0.251")]
    [DataRow(double.NaN, "n/a")]
    public void A_score_prints_as_a_value_rounded_down(double score, string expected)
    {
        Assert.AreEqual(expected, Figures.Score(score));
        Assert.AreEqual(expected, Figures.Of(MetricDirection.HigherIsBetter, score));
        Assert.AreEqual(Figures.Value(score), Figures.Of(MetricDirection.LowerIsBetter, score));
    }

    [TestMethod]
    public void An_interval_is_rounded_outwards_and_an_error_to_the_nearest()
    {
        Assert.AreEqual("92.2–93.4", Figures.PercentRange(0.92299, 0.93301));
        Assert.AreEqual("0–10.0", Figures.PercentRange(0, 0.1));
        Assert.AreEqual("1.7\u00A0%", Figures.PercentOfError(0.0167));
    }

    [TestMethod]
    public void No_share_between_nothing_and_all_prints_as_either()
    {
        for (var share = 1e-11; share < 0.5; share *= 1.37)
        {
            foreach (var text in new[] { Figures.Percent(share), Figures.Percent(1 - share), Figures.Probability(share),
                Figures.Probability(1 - share) })
            {
                Assert.AreNotEqual(0.0, Number(text), $"{share} prints as {text}");
                Assert.AreNotEqual(100.0, Number(text), $"{1 - share} prints as {text}");
            }
        }

        static double Number(string text) => double.Parse(text.TrimEnd('%').TrimEnd('\u00A0'), System.Globalization.CultureInfo.InvariantCulture);
    }

    [TestMethod]
    public void A_count_has_separators_and_its_noun()
    {
        Assert.AreEqual("8,431 images", Figures.Count(8431, "image", "images"));
        Assert.AreEqual("1 image", Figures.Count(1, "image", "images"));
        Assert.AreEqual("2.5", Figures.Count(2.5));
    }
}
