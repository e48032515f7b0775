using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>The yardstick is measured itself: its gradients are the slopes of what it computes.</summary>
[TestClass]
public sealed class ReferenceNetworkTests
{
    private const int Probes = 24;

    public static IEnumerable<object[]> Cases => NetworkCases.Small.Select(@case => new object[] { @case });

    // Loss = Σ logit · its gradient, so that dLoss/dLogit is just that. Errors of (L(w + h) − L(w − h)) / 2h: rounding about 10⁻¹⁵/h, truncation h²;
    // with h = 10⁻⁶ both are far below 10⁻⁷. The made-up numbers are such that no ReLU and no maximum changes sides within h.
    [TestMethod, DynamicData(nameof(Cases))]
    public void Gradients_are_the_slopes_of_the_outputs(NetworkCase @case)
    {
        var network = new ReferenceNetwork(@case.Shape, @case.MakeWeights(), @case.MakeState(), KeepsTwoOfThree);
        double[] inputs = @case.MakeInputs(@case.Samples), logitGradients = @case.MakeLogitGradients(@case.Samples);
        double Loss() => network.Forward(inputs, @case.Samples, training: true).Zip(logitGradients, (logit, gradient) => logit * gradient).Sum();

        Loss();
        double[] gradients = [.. network.Backward(logitGradients)], inputGradients = network.InputGradients;

        AssertSlopes("inputs", inputs, inputGradients, 0, inputs.Length, Loss);
        foreach (var tensor in @case.Shape.Weights) AssertSlopes(tensor.Name, network.Weights, gradients, tensor.Offset, tensor.Length, Loss);
    }

    [TestMethod]
    public void Dropout_passes_gradients_where_it_passed_values()
    {
        var @case = new NetworkCase("dropout", new ImageShape(4, 5, 3), 2,
            [new Convolution { Filters = 5 }, new Relu(), new Dropout { Rate = 0.25f }, new Flatten(), new Dense { Units = 7 }, new Dropout { Rate = 0.5f }]);

        Gradients_are_the_slopes_of_the_outputs(@case);
    }

    // Worked by hand: windows (1 3 3 2) and (0 0 0 0) in the rows 1 3 | 0 0 and 3 2 | 0 0; the first 3 and the first 0 take the gradient.
    [TestMethod]
    public void Of_equal_values_in_a_window_the_first_takes_the_gradient()
    {
        var shape = NetworkShape.Of(new NetworkDefinition { Layers = [new MaxPooling(), new Dense { Bias = false }] }, new ImageShape(2, 4, 1), 2);
        var network = new ReferenceNetwork(shape, [1, 0, 0, 1], []);

        CollectionAssert.AreEqual(new double[] { 3, 0 }, network.Forward([1, 3, 0, 0, 3, 2, 0, 0], 1, training: true));
        network.Backward([5, 7]);

        CollectionAssert.AreEqual(new double[] { 0, 5, 7, 0, 0, 0, 0, 0 }, network.InputGradients);
    }

    // Worked by hand: values 1 and 3 have mean 2, variance 1 and unbiased variance 2; a tenth of the way from (0, 1) lie (0.2, 1.1).
    [TestMethod]
    public void Running_statistics_move_by_one_less_momentum_and_the_variance_is_unbiased()
    {
        var shape = NetworkShape.Of(
            new NetworkDefinition { Layers = [new BatchNormalization { Epsilon = 1e-12f }, new Dense { Bias = false }] }, ImageShape.Vector(1), 2);
        var network = new ReferenceNetwork(shape, [2, 5, 1, 1], [0, 1]);

        var logits = network.Forward([1, 3], 2, training: true);

        AssertNear([3, 3, 7, 7], logits, 1e-9);
        AssertNear([0.2, 1.1], network.State, 1e-7);
        AssertNear([(4 - 0.2) / Math.Sqrt(1.1) * 2 + 5], network.Forward([4], 1, training: false)[..1], 1e-6);
    }

    private static bool KeepsTwoOfThree(string layer, int sample, int position) => (sample + position) % 3 != 0;

    private static void AssertSlopes(string name, double[] values, double[] gradients, int offset, int length, Func<double> loss)
    {
        const double H = 1e-6;
        var scale = Enumerable.Range(offset, length).Max(i => Math.Abs(gradients[i])) + 0.1; // a bias before normalisation has none
        for (var probe = 0; probe < Math.Min(Probes, length); probe++)
        {
            var place = offset + (int)((long)probe * length / Math.Min(Probes, length));
            var value = values[place];
            values[place] = value + H;
            var above = loss();
            values[place] = value - H;
            var below = loss();
            values[place] = value;
            Assert.AreEqual((above - below) / (2 * H), gradients[place], 1e-7 * scale, $"{name}[{place - offset}]");
        }
    }

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], tolerance, $"[{i}]");
    }
}
