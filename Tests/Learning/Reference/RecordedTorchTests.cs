using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Losses, gradients and running statistics agree with PyTorch's, recorded in double by <c>Recorded/Learning/record_gradients.py</c>.</summary>
[TestClass]
public sealed class RecordedTorchTests
{
    private static readonly RecordedNetwork[] Recorded = JsonSerializer.Deserialize<RecordedNetwork[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", "Learning", "gradients.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> Networks => Recorded.Select(network => new object[] { network });

    public static IEnumerable<object[]> EnginesAndNetworks =>
        from engine in NetworkEngine.All from network in Recorded select new object[] { engine, network };

    // Both in double; 10⁻⁷ is what single precision leaves of the momentum 0.9.
    [TestMethod, DynamicData(nameof(Networks))]
    public void The_reference_agrees_with_PyTorch(RecordedNetwork recorded)
    {
        var @case = recorded.ToCase();
        var network = new ReferenceNetwork(@case.Shape, @case.MakeWeights(), @case.MakeState());
        var inputs = @case.MakeInputs(@case.Samples);

        var (loss, logitGradients) = SoftmaxCrossEntropy.Of(network.Forward(inputs, @case.Samples, training: true), @case.Classes);
        network.Backward(logitGradients);
        var (lossInUse, _) = SoftmaxCrossEntropy.Of(network.Forward(inputs, @case.Samples, training: false), @case.Classes);

        recorded.AssertNear(loss, network.Gradients, network.State, lossInUse, @case.Shape, 1e-7);
    }

    [TestMethod, DynamicData(nameof(EnginesAndNetworks))]
    public void An_engine_agrees_with_PyTorch(NetworkEngine engine, RecordedNetwork recorded)
    {
        var @case = recorded.ToCase();
        using var team = new ThreadTeam(2);
        var network = engine.Create(@case.MakeNetwork(), @case.Samples, team);
        using var disposable = network as IDisposable;
        var inputs = @case.MakeInputs(@case.Samples);

        var (loss, logitGradients) = SoftmaxCrossEntropy.Of(Forward(training: true), @case.Classes);
        var gradients = Array.ConvertAll(NetworkComparison.Backward(network, logitGradients, @case.Samples), value => (double)value);
        var (lossInUse, _) = SoftmaxCrossEntropy.Of(Forward(training: false), @case.Classes);

        recorded.AssertNear(loss, gradients, Array.ConvertAll(network.State.ToArray(), value => (double)value), lossInUse, @case.Shape, 1e-5);

        double[] Forward(bool training) =>
            Array.ConvertAll(NetworkComparison.Forward(network, inputs, @case.Samples, training), value => (double)value);
    }

    [TestMethod]
    public void The_recorded_tutorial_networks_are_the_ready_made_ones_without_dropout()
    {
        foreach (var definition in new[] { ReadyMadeNetworks.Mlp, ReadyMadeNetworks.TutorialCnn })
        {
            var recorded = Recorded.Single(network => network.ToString() == definition.Name).ToCase().Shape.Definition;

            CollectionAssert.AreEqual(
                definition.Layers.Select(layer => layer is Dropout dropout ? dropout with { Rate = 0 } : layer).ToArray(), recorded.Layers.ToArray());
        }
    }
}
