using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Optimization;

[TestClass]
public sealed class LearningRateScheduleTests
{
    private static readonly JsonElement Recorded = RecordedJson.Read("optimization.json");

    // All recorded with a learning rate of 0.5.
    public static IEnumerable<(string Name, LearningRateSchedule Schedule, int StepsPerEpoch, int Steps)> Cases =>
    [
        ("step", new StepSchedule { EveryEpochs = 3, Drop = 0.5 }, 1, 11),
        ("cosine", new CosineSchedule { FinalFactor = 0.1 }, 4, 20),
        ("warm-up, cosine", new CosineSchedule { WarmUpEpochs = 1.25 }, 4, 20),
        ("one cycle", new OneCycleSchedule(), 10, 40),
        ("one cycle, uneven", new OneCycleSchedule { ClimbingShare = 0.4, StartDivisor = 10, EndDivisor = 100 }, 11, 33),
    ];

    [TestMethod, DynamicData(nameof(Cases))]
    public void The_rates_are_those_of_torch(string name, LearningRateSchedule schedule, int stepsPerEpoch, int steps)
    {
        var expected = Recorded.GetProperty("schedules").GetProperty(name).Doubles();
        Assert.HasCount(steps, expected);
        for (var step = 0; step < steps; step++)
            Assert.AreEqual(expected[step], 0.5 * schedule.FactorAt(step, stepsPerEpoch, steps), 1e-12, $"{name}, step {step}");
    }

    [TestMethod]
    public void A_step_schedule_counts_epochs_and_not_batches() => CollectionAssert.AreEqual(
        (double[])[1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25],
        Enumerable.Range(0, 9).Select(step => new StepSchedule { EveryEpochs = 2, Drop = 0.5 }.FactorAt(step, 2, 9)).ToArray());

    [TestMethod]
    public void Warm_up_climbs_in_equal_steps_and_then_stays() => CollectionAssert.AreEqual(
        (double[])[0.25, 0.5, 0.75, 1, 1],
        Enumerable.Range(0, 5).Select(step => new ConstantSchedule { WarmUpEpochs = 1.5 }.FactorAt(step, 2, 100)).ToArray());

    [TestMethod]
    public void Every_factor_of_a_short_training_is_a_number_from_0_to_1()
    {
        LearningRateSchedule[] all =
        [
            new ConstantSchedule { WarmUpEpochs = 5 }, new StepSchedule(), new CosineSchedule(), new CosineSchedule { WarmUpEpochs = 1 },
            new OneCycleSchedule(), new OneCycleSchedule { ClimbingShare = 0.9 }, new PlateauSchedule(),
        ];
        foreach (var schedule in all)
        {
            for (var total = 1; total < 12; total++)
            {
                for (var step = 0; step < total; step++)
                {
                    var factor = schedule.FactorAt(step, 2, total);
                    Assert.IsTrue(factor is >= 0 and <= 1, $"{schedule}: {factor} at {step} of {total}");
                }
            }
        }
    }

    public static IEnumerable<(string Name, string Values, bool HigherIsBetter, PlateauSchedule Schedule)> Plateaus =>
    [
        ("plateau", "falling", false, new PlateauSchedule { Drop = 0.5, Patience = 2, Threshold = 1e-3 }),
        ("plateau, cooldown", "falling", false, new PlateauSchedule { Drop = 0.5, Patience = 1, Cooldown = 2, LowestFactor = 0.4 }),
        ("plateau, rising", "rising", true, new PlateauSchedule { Patience = 2 }),
    ];

    [TestMethod, DynamicData(nameof(Plateaus))]
    public void On_a_plateau_the_rate_falls_when_that_of_torch_does(string name, string values, bool higherIsBetter, PlateauSchedule schedule)
    {
        var state = PlateauState.Start;
        foreach (var (expected, value) in Recorded.GetProperty("schedules").GetProperty(name).Doubles().Zip(Recorded.GetProperty(values).Doubles()))
        {
            Assert.AreEqual(expected, 0.5 * state.Factor, 1e-12);
            state = state.After(schedule, value, higherIsBetter);
        }
    }

    [TestMethod]
    public void A_value_that_is_no_number_is_never_better()
    {
        var schedule = new PlateauSchedule { Patience = 1 };
        var state = PlateauState.Start.After(schedule, double.NaN, false).After(schedule, double.NaN, false);
        Assert.AreEqual(0.1, state.Factor, 1e-15);
        Assert.AreEqual(3, state.After(schedule, 3, false).Best);
    }
}
