using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class EarlyStoppingTests
{
    private static readonly double[] Falling = [5, 4, 4.5, 3, 3.2, 3.1, 2.95, 3.5, 3.5, 3.5];

    [TestMethod]
    [DataRow(1, 3, 2), DataRow(2, 6, 4), DataRow(3, 10, 7), DataRow(4, 0, 7)]
    public void It_stops_after_so_many_epochs_without_improvement(int patience, int stopsAfter, int best)
    {
        var (stopped, state) = Watched(new EarlyStopping { Patience = patience }, Falling);
        Assert.AreEqual(stopsAfter, stopped);
        Assert.AreEqual(best, state.BestEpoch);
    }

    [TestMethod]
    public void Without_patience_it_only_keeps_the_best()
    {
        var (stopped, state) = Watched(new EarlyStopping { Patience = null }, Falling);
        Assert.AreEqual(0, stopped);
        Assert.AreEqual(new EarlyStoppingState(2.95, 7, 3), state);
    }

    // 3 → 2.95 is less than 0.1 better, so epoch 4 stays the best.
    [TestMethod]
    public void An_improvement_of_no_more_than_the_minimum_is_none()
    {
        var (stopped, state) = Watched(new EarlyStopping { Patience = 5, MinimumDelta = 0.1 }, Falling);
        Assert.AreEqual((9, 4), (stopped, state.BestEpoch!.Value));
    }

    [TestMethod]
    public void Epochs_before_the_start_are_neither_best_nor_counted()
    {
        var (stopped, state) = Watched(new EarlyStopping { Patience = 2, StartFromEpoch = 5 }, [1, 9, 9, 9, 3, 4, 5]);
        Assert.AreEqual((7, 5), (stopped, state.BestEpoch!.Value));
    }

    [TestMethod]
    public void Above_the_baseline_even_improving_epochs_count_against_the_patience()
    {
        Assert.AreEqual(4, Watched(new EarlyStopping { Patience = 4, Baseline = 2 }, Falling).StoppedAfter);
        Assert.AreEqual(0, Watched(new EarlyStopping { Patience = 4, Baseline = 3.5 }, Falling).StoppedAfter); // passed in epoch 4
    }

    [TestMethod]
    public void Higher_is_better_turns_everything_around()
    {
        var (stopped, state) = Watched(new EarlyStopping { Patience = 2 }, [0.1, 0.3, 0.2, 0.4, 0.4, 0.35], higherIsBetter: true);
        Assert.AreEqual((6, 4), (stopped, state.BestEpoch!.Value));
    }

    [TestMethod]
    public void A_metric_that_is_no_number_is_never_better()
    {
        var (stopped, state) = Watched(new EarlyStopping { Patience = 3 }, [double.NaN, 2, double.NaN, double.NaN, double.NaN]);
        Assert.AreEqual((5, 2), (stopped, state.BestEpoch!.Value));
        Assert.IsNull(Watched(new EarlyStopping { Patience = 3 }, [double.NaN, double.NaN]).State.BestEpoch);
    }

    /// <summary>The epoch after which it stops, 0 for none, and the last state.</summary>
    private static (int StoppedAfter, EarlyStoppingState State) Watched(EarlyStopping rules, double[] values, bool higherIsBetter = false)
    {
        var state = EarlyStoppingState.Start;
        for (var epoch = 1; epoch <= values.Length; epoch++)
        {
            state = state.After(rules, epoch, values[epoch - 1], higherIsBetter);
            if (state.IsOver(rules)) return (epoch, state);
        }

        return (0, state);
    }
}
