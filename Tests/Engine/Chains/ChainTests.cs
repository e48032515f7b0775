using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Each_estimator_sees_what_the_ones_before_it_made()
    {
        var rows = Doubling.Rows(_ml, 1, 2);
        var chain = Doubling.Estimator(_ml, output: "X").Append(Doubling.Estimator(_ml, output: "X")).Append(Doubling.Estimator(_ml));
        var model = chain.Fit(rows);

        CollectionAssert.AreEqual(new[] { 8f, 16f }, model.Transform(rows).GetColumn<float>("Y").ToArray());
        Assert.AreEqual("X, X, X, Y", string.Join(", ", model.GetOutputSchema(rows.Schema).Select(column => column.Name)));
        Assert.IsInstanceOfType<CustomMappingTransformer<Doubling.Input, Doubling.Output>>(model.LastTransformer);
        Assert.IsInstanceOfType<CustomMappingEstimator<Doubling.Input, Doubling.Output>>(chain.LastEstimator);
    }

    [TestMethod]
    public void A_missing_column_is_found_before_anything_is_trained()
    {
        var first = new CountingEstimator(Doubling.Estimator(_ml, output: "Z"));
        var chain = first.Append(_ml.Transforms.CustomMapping<Missing, Doubling.Output>((_, _) => { }, contractName: null));

        var error = Assert.Throws<ArgumentException>(() => chain.Fit(Doubling.Rows(_ml, 1)));
        StringAssert.Contains(error.Message, "Absent");
        Assert.AreEqual(0, first.Fits);
    }

    private sealed class Missing
    {
        public float Absent { get; set; }
    }

    private sealed class CountingEstimator(IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public int Fits { get; private set; }

        public ITransformer Fit(IDataView input)
        {
            Fits++;
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    /// <summary>Reads its data twice, as trainers do.</summary>
    private sealed class TwoPasses(IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            Assert.AreEqual(input.GetColumn<float>("Y").Sum(), input.GetColumn<float>("Y").Sum());
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    [TestMethod]
    [DataRow(false, 4)]
    [DataRow(true, 2)]
    public void A_cache_checkpoint_lets_later_estimators_read_without_computing_again(bool cache, int expectedCalls)
    {
        var calls = 0;
        var counted = _ml.Transforms.CustomMapping<Doubling.Input, Doubling.Output>((input, output) =>
        {
            Interlocked.Increment(ref calls);
            output.Y = input.X;
        }, contractName: null);
        var chain = new EstimatorChain<ITransformer>().Append(counted);
        (cache ? chain.AppendCacheCheckpoint(_ml) : chain).Append(new TwoPasses(Doubling.Estimator(_ml, output: "Z"))).Fit(Doubling.Rows(_ml, 1, 2));

        Assert.AreEqual(expectedCalls, calls);
    }

    [TestMethod]
    public void A_single_estimator_can_be_a_checkpoint_and_be_watched()
    {
        CustomMappingTransformer<Doubling.Input, Doubling.Output>? learned = null;
        var watched = Doubling.Estimator(_ml).WithOnFitDelegate(transformer => learned = transformer);
        var chain = watched.AppendCacheCheckpoint(_ml).Append(new TwoPasses(Doubling.Estimator(_ml, output: "Z")));
        var model = chain.Fit(Doubling.Rows(_ml, 1, 2));

        Assert.AreSame(learned, model.First());
    }

    [TestMethod]
    public void Transformers_chain_too()
    {
        var rows = Doubling.Rows(_ml, 5);
        var first = Doubling.Estimator(_ml, output: "X").Fit(rows);
        var chain = first.Append(Doubling.Estimator(_ml).Fit(rows));

        Assert.AreEqual(20f, chain.Transform(rows).GetColumn<float>("Y").Single());
        Assert.AreEqual(20f, chain.Append(Doubling.Estimator(_ml, output: "Z").Fit(rows)).Transform(rows).GetColumn<float>("Z").Single());
        Assert.AreEqual(2, chain.Count());
    }

    [TestMethod]
    public void An_empty_chain_changes_nothing()
    {
        var rows = Doubling.Rows(_ml, 5);
        var model = new EstimatorChain<ITransformer>().Fit(rows);

        Assert.AreSame(rows, model.Transform(rows));
        Assert.IsNull(model.LastTransformer);
    }

    [TestMethod]
    public void Disposing_a_chain_disposes_what_it_holds()
    {
        var held = new DisposableTransformer(Doubling.Estimator(_ml).Fit(Doubling.Rows(_ml, 1)));
        new TransformerChain<ITransformer>(held, held.Inner).Dispose();

        Assert.IsTrue(held.IsDisposed);
    }
}
