using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Losses;

[TestClass]
public sealed class LossTests
{
    private static readonly JsonElement Recorded = RecordedJson.Read("losses.json");
    private static readonly float[][] Logits = Recorded.GetProperty("logits").Rows();
    private static readonly float[] ClassWeights = Recorded.GetProperty("classWeights").Floats();

    private static readonly Dictionary<string, Loss> Losses = new()
    {
        ["cross-entropy"] = new CrossEntropyLoss(),
        ["smoothing 0.1"] = new CrossEntropyLoss { LabelSmoothing = 0.1 },
        ["focal 2"] = new FocalLoss(),
        ["focal 0.5"] = new FocalLoss { Gamma = 0.5 },
        ["focal 0"] = new FocalLoss { Gamma = 0 },
    };

    public static IEnumerable<int> Cases => Enumerable.Range(0, Recorded.GetProperty("cases").GetArrayLength());

    [TestMethod, DynamicData(nameof(Cases))]
    public void Losses_and_gradients_are_those_of_torch(int index)
    {
        var recorded = Recorded.GetProperty("cases")[index];
        var (weighted, mixed) = (recorded.GetProperty("weighted").GetBoolean(), recorded.GetProperty("mixed").GetBoolean());
        var loss = Losses[recorded.GetProperty("loss").GetString()!];
        var weights = weighted ? ClassWeights : [];
        var sampleWeights = Recorded.GetProperty("sampleWeights").Floats();
        var targets = Targets(mixed);
        var count = targets.Select((target, i) => (weighted ? sampleWeights[i] : 1) * target.WeightBy(weights)).Sum();
        var sum = 0.0;
        for (var i = 0; i < Logits.Length; i++)
        {
            var gradient = new float[Logits[i].Length];
            double sampleWeight = weighted ? sampleWeights[i] : 1;
            var value = loss.Of(Logits[i], targets[i], weights, gradient, sampleWeight / count);
            sum += sampleWeight * value;

            Near(recorded.GetProperty("losses")[i].GetDouble(), value, $"loss of row {i}");
            var expected = recorded.GetProperty("gradient")[i].Doubles();
            for (var c = 0; c < expected.Length; c++)
                Assert.AreEqual(expected[c], gradient[c], 1e-6 * Math.Max(0.1, Math.Abs(expected[c])), $"row {i}, logit {c}");
        }

        Near(recorded.GetProperty("mean").GetDouble(), sum / count, "mean");
    }

    [TestMethod]
    public void Gradients_agree_with_finite_differences()
    {
        const float Step = 1 / 512f;
        foreach (var (name, loss) in Losses)
        {
            foreach (var (row, target) in Logits.Zip(Targets(mixed: true)).Where(pair => pair.First.Max() < 100))
            {
                float[] gradient = new float[row.Length], ignored = new float[row.Length];
                loss.Of(row, target, ClassWeights, gradient);
                for (var c = 0; c < row.Length; c++)
                {
                    float[] up = [.. row], down = [.. row];
                    up[c] += Step;
                    down[c] -= Step;
                    var rise = loss.Of(up, target, ClassWeights, ignored) - loss.Of(down, target, ClassWeights, ignored);
                    var slope = rise / ((double)up[c] - down[c]);
                    Assert.AreEqual(slope, gradient[c], 2e-5, $"{name}, logit {c}");
                }
            }
        }
    }

    // Two equal logits: p = 1/2, loss ln 2, gradient p − t = (−1/2, 1/2).
    [TestMethod]
    public void Cross_entropy_of_an_even_guess_is_the_logarithm_of_the_classes()
    {
        var gradient = new float[2];
        Assert.AreEqual(Math.Log(2), new CrossEntropyLoss().Of([3, 3], new SampleTarget(0), [], gradient), 1e-12);
        CollectionAssert.AreEqual((float[])[-0.5f, 0.5f], gradient);
    }

    // p = 0.75 on the label: −(1 − 0.75)² · ln 0.75 = 0.0625 · 0.2877.
    [TestMethod]
    public void Focal_loss_of_a_worked_example() => Assert.AreEqual(
        0.0625 * Math.Log(4 / 3.0), new FocalLoss().Of([(float)Math.Log(3), 0], new SampleTarget(0), [], new float[2]), 1e-8);

    [TestMethod]
    [DataRow(float.NaN), DataRow(float.PositiveInfinity), DataRow(float.NegativeInfinity)]
    public void A_logit_that_is_not_finite_makes_the_loss_and_its_gradient_no_number(float bad)
    {
        foreach (var loss in Losses.Values)
        {
            var gradient = new float[3];
            Assert.IsTrue(double.IsNaN(loss.Of([1, bad, 2], new SampleTarget(0), [], gradient)));
            Assert.IsTrue(gradient.All(float.IsNaN));
        }
    }

    [TestMethod]
    public void The_largest_finite_logits_give_a_finite_loss()
    {
        foreach (var (name, loss) in Losses)
        {
            var gradient = new float[2];
            Assert.IsTrue(double.IsFinite(loss.Of([float.MaxValue, float.MinValue], new SampleTarget(1), [], gradient)), name);
            Assert.IsTrue(gradient.All(float.IsFinite), name);
        }
    }

    private static SampleTarget[] Targets(bool mixed)
    {
        int[] labels = Recorded.GetProperty("labels").Ints(), others = Recorded.GetProperty("others").Ints();
        var shares = Recorded.GetProperty("shares").Floats();
        return [.. labels.Select((label, i) => mixed ? new SampleTarget(label, others[i], shares[i]) : new SampleTarget(label))];
    }

    private static void Near(double expected, double actual, string what) =>
        Assert.AreEqual(expected, actual, 1e-6 * Math.Max(1, Math.Abs(expected)), what);
}
