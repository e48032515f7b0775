using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Data;

[TestClass]
public sealed class MixupTests
{
    // Beta(α, α) has the mean ½ and the variance 1 / (4·(2α + 1)); of α = 1, the even distribution, a tenth is below 0.1.
    [TestMethod]
    [DataRow(0.1), DataRow(0.2), DataRow(0.4), DataRow(1), DataRow(2), DataRow(10)]
    public void Shares_have_the_mean_and_the_variance_of_the_beta_distribution(double alpha)
    {
        const int Draws = 100_000;
        var random = new SeededRandom(4);
        var mixup = new Mixup { Alpha = alpha };
        var shares = new double[Draws];
        foreach (ref var share in shares.AsSpan()) share = mixup.DrawShare(ref random);
        var mean = shares.Average();

        Assert.IsTrue(shares.All(share => share is >= 0 and <= 1));
        Assert.AreEqual(0.5, mean, 0.006); // 4 standard errors of the widest
        Assert.AreEqual(1 / (4 * (2 * alpha + 1)), shares.Average(share => (share - mean) * (share - mean)), 0.002);
        if (alpha == 1) Assert.AreEqual(0.1, shares.Count(share => share < 0.1) / (double)Draws, 0.004);
    }
}
