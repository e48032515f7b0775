using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class NetworkTrainerTests
{
    private static readonly NetworkTrainingSettings Plain = new()
    {
        Epochs = 4, BatchSize = 16, Optimizer = new Adam { LearningRate = 0.02 }, Normalization = Normalization.None,
    };

    [TestMethod]
    public void A_network_learns_to_tell_three_clouds_apart()
    {
        var history = Runs.Of(Plain with { Epochs = 25 }, training: new DrawnSamples(600), validation: new DrawnSamples(300, seed: 2)).History;

        Assert.IsGreaterThan(0.9, history.Epochs[^1].Validation!.Confusion.Accuracy);
        Assert.IsLessThan(history.Epochs[0].Training.Loss, history.Epochs[^1].Training.Loss);
    }

    [TestMethod]
    [DataRow(2), DataRow(3)]
    public void Weights_and_history_are_the_same_to_the_bit_with_any_number_of_threads(int threads) =>
        Runs.AreSame(Runs.Of(Runs.Everything), Runs.Of(Runs.Everything, threads));

    [TestMethod]
    public void Another_seed_gives_other_weights() =>
        CollectionAssert.AreNotEqual(Runs.Of(Plain).Weights, Runs.Of(Plain with { Seed = 2 }).Weights);

    [TestMethod]
    public void Every_sample_is_learnt_from_once_an_epoch_also_those_of_the_last_small_batch()
    {
        var read = new List<int>();
        var training = new DrawnSamples(50) { OnRead = read.Add };
        var history = Runs.Of(Plain, training: training).History;

        CollectionAssert.AreEqual(Enumerable.Range(0, 50).ToArray(), read[..50].Order().ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, 50).ToArray(), read[50..100].Order().ToArray());
        CollectionAssert.AreNotEqual(read[..50], read[50..100]);
        Assert.IsTrue(history.Epochs.All(epoch => epoch.Training.Confusion.Total == 50 && epoch.Validation!.Confusion.Total == 32));
    }

    // With next to no learning rate the weights stay, and the loss of an epoch is the mean over all samples, however they are cut into batches.
    [TestMethod]
    public void The_loss_of_an_epoch_is_the_weighted_mean_of_its_samples()
    {
        var samples = new DrawnSamples(50) { Weight = index => index % 3 };
        var settings = Plain with
        {
            Epochs = 1,
            Optimizer = new Sgd { LearningRate = 1e-30 },
            ClassWeights = new GivenClassWeights { Weights = new Dictionary<string, double> { ["class 1"] = 4 } },
        };
        var history = Runs.Of(settings, training: samples, validation: samples, hidden: 0).History;

        using var network = new PlainNetwork(5, 0, 3, 40, seed: 3);
        double weighted = 0, count = 0, plain = 0, plainCount = 0;
        for (var i = 0; i < 50; i++)
        {
            network.SetInput(0, samples.Values[i]);
            network.Forward(1, training: false);
            var loss = new CrossEntropyLoss().Of(network.LogitsOf(0), new SampleTarget(samples.Labels[i]), [], new float[3]);
            var classWeight = samples.Labels[i] == 1 ? 4 : 1;
            weighted += i % 3 * classWeight * loss;
            count += i % 3 * classWeight;
            plain += i % 3 * loss;
            plainCount += i % 3;
        }

        Assert.AreEqual(weighted / count, history.Epochs[0].Training.Loss, 1e-9);
        Assert.AreEqual(plain / plainCount, history.Epochs[0].Validation!.Loss, 1e-9, "class weights do not count in the validation");
        CollectionAssert.AreEqual((double[])[1, 4, 1], history.Epochs[0].ClassWeights!.ToArray());
    }

    [TestMethod]
    public void Batch_records_cover_every_training_and_validation_sample()
    {
        var history = Runs.Of(Plain with { Epochs = 2, BatchesPerRecord = 3 }).History;

        CollectionAssert.AreEqual(
            (string[])["training 1 3 48", "training 1 4 2", "validation 1 2 32", "training 2 3 48", "training 2 4 2", "validation 2 2 32"],
            history.Batches.Select(record => $"{record.Part} {record.Epoch} {record.Batch} {record.Confusion.Total}").ToArray());
    }

    [TestMethod]
    public void Progress_tells_of_every_batch_and_epoch()
    {
        var told = new List<TrainingProgress>();
        Runs.Of(Plain with { Epochs = 2 }, progress: told.Add);

        CollectionAssert.AreEqual(
            (string[])["1 1/4", "1 2/4", "1 3/4", "1 4/4", "epoch 1", "2 1/4", "2 2/4", "2 3/4", "2 4/4", "epoch 2"],
            told.Select(one => one switch
            {
                TrainingProgress.BatchEnded batch => $"{batch.Epoch} {batch.Batch}/{batch.Batches}",
                TrainingProgress.EpochEnded ended => $"epoch {ended.Epoch.Epoch}",
                _ => "",
            }).ToArray());
    }

    [TestMethod]
    public void Early_stopping_ends_with_the_weights_of_the_best_epoch()
    {
        var settings = Plain with
        {
            Epochs = 60, Optimizer = new Adam { LearningRate = 0.3 }, EarlyStopping = new EarlyStopping { Metric = "val_loss", Patience = 3 },
        };
        var stopped = Runs.Of(settings);
        var best = stopped.History.BestEpoch!.Value;

        Assert.AreEqual(StopReason.EarlyStopping, stopped.Result.Stop);
        Assert.IsTrue(stopped.Result.HasBestWeights);
        Assert.HasCount(best + 3, stopped.History.Epochs);
        Assert.AreEqual(stopped.History.Epochs.MinBy(epoch => epoch.Validation!.Loss)!.Epoch, best);
        CollectionAssert.AreEqual(Runs.Of(settings with { Epochs = best }).Weights, stopped.Weights);
        StringAssert.Contains(stopped.History.StopDetail, $"val_loss has not become better for 3 epochs; it was");

        var last = Runs.Of(settings with { EarlyStopping = settings.EarlyStopping with { RestoresBest = false } });
        Assert.IsFalse(last.Result.HasBestWeights);
        CollectionAssert.AreEqual(Runs.Of(settings with { Epochs = best + 3, EarlyStopping = null }).Weights, last.Weights);
    }

    [TestMethod]
    public void The_F1_of_one_class_can_be_stopped_on_in_either_direction()
    {
        foreach (var direction in (MetricDirection[])[MetricDirection.Auto, MetricDirection.Lower])
        {
            var settings = Plain with { EarlyStopping = new EarlyStopping { Metric = "val_f1[class 2]", Direction = direction, Patience = null } };
            var history = Runs.Of(settings).History;
            var values = history.Epochs.ToDictionary(epoch => epoch.Epoch, epoch => epoch.Validation!.Confusion.F1(2));

            Assert.AreEqual(direction == MetricDirection.Lower ? values.Values.Min() : values.Values.Max(), values[history.BestEpoch!.Value]);
            Assert.AreEqual(direction != MetricDirection.Lower, history.MonitorHigherIsBetter);
        }
    }

    [TestMethod]
    public void A_plateau_lowers_the_learning_rate_and_the_history_marks_it()
    {
        var settings = Plain with { Epochs = 5, Schedule = new PlateauSchedule { Metric = "learning_rate", Patience = 1, Drop = 0.5 } };
        var history = Runs.Of(settings).History;

        // The rate itself is watched: best at once, no better in epochs 2 and 3, so that epoch 4 has half of it.
        CollectionAssert.AreEqual((double[])[0.02, 0.02, 0.02, 0.01, 0.01], history.Epochs.Select(epoch => epoch.LearningRate).ToArray());
        CollectionAssert.AreEqual((bool[])[false, false, true, false, true], history.Epochs.Select(epoch => epoch.LearningRateDropped).ToArray());
    }

    [TestMethod]
    public void The_time_budget_ends_the_training_after_the_batch_in_which_it_was_used_up()
    {
        var clock = new ManualClock();
        var batches = 0;
        var outcome = Runs.Of(Plain with { TimeBudget = TimeSpan.FromSeconds(6) }, time: clock, progress: one =>
        {
            if (one is not TrainingProgress.BatchEnded) return;
            batches++;
            clock.Advance(TimeSpan.FromSeconds(1));
        });

        Assert.AreEqual(StopReason.TimeBudget, outcome.Result.Stop);
        Assert.AreEqual(6, batches);
        Assert.HasCount(1, outcome.History.Epochs);
        StringAssert.Contains(outcome.History.StopDetail, "epoch 2 after batch 2 of 4");
    }

    [TestMethod]
    public void Seconds_and_speeds_come_from_the_clock()
    {
        var clock = new ManualClock();
        var training = new DrawnSamples(50) { OnRead = _ => clock.Advance(TimeSpan.FromSeconds(0.1)) };
        var validation = new DrawnSamples(32) { OnRead = _ => clock.Advance(TimeSpan.FromSeconds(0.25)) };
        var epoch = Runs.Of(Plain with { Epochs = 1 }, training: training, validation: validation, time: clock).History.Epochs[0];

        Assert.AreEqual(5 + 8, epoch.Seconds, 1e-6);
        Assert.AreEqual(10, epoch.SamplesPerSecond, 1e-6);
    }

    [TestMethod]
    public void Cancellation_ends_the_training_between_two_batches()
    {
        using var source = new CancellationTokenSource();
        var outcome = Runs.Of(Plain, cancellation: source.Token, progress: one =>
        {
            if (one is TrainingProgress.BatchEnded { Epoch: 2, Batch: 3 }) source.Cancel();
        });

        Assert.AreEqual(StopReason.Cancelled, outcome.Result.Stop);
        Assert.HasCount(1, outcome.History.Epochs);
        Assert.AreEqual("Cancelled in epoch 2 after batch 3 of 4.", outcome.History.StopDetail);
    }

    [TestMethod]
    public void A_gradient_that_is_no_number_stops_with_epoch_batch_and_learning_rate()
    {
        var batches = 0;
        using var network = new PlainNetwork(5, 6, 3, 40, seed: 3)
        {
            AfterBackward = spoilt =>
            {
                if (++batches == 7) spoilt.Gradients[11] = float.NaN;
            },
        };
        var settings = Plain with { EarlyStopping = new EarlyStopping() };
        var error = Assert.ThrowsExactly<TrainingDivergedException>(
            () => new NetworkTrainer(settings).Fit(network, new DrawnSamples(50), new DrawnSamples(32, seed: 2), DrawnSamples.Names()));

        StringAssert.Contains(error.Message, "In epoch 2, batch 3 of 4, at the learning rate 0.02, a gradient or a weight is not a finite number.");
        StringAssert.Contains(error.Message, "The network has the weights of epoch 1 again.");
        Assert.AreEqual(StopReason.NotANumber, error.History.Stop);
        Assert.HasCount(1, error.History.Epochs);
        CollectionAssert.AreEqual(Runs.Of(settings with { Epochs = 1 }).Weights, network.Weights.ToArray());
    }

    [TestMethod]
    public void An_absurd_learning_rate_stops_before_it_fills_the_network_with_NaN_unnoticed()
    {
        var error = Assert.ThrowsExactly<TrainingDivergedException>(() => Runs.Of(Plain with { Optimizer = new Sgd { LearningRate = 1e36 } }));
        StringAssert.Contains(error.Message, "at the learning rate 1E+36");
    }

    [TestMethod]
    public void Auto_class_weights_follow_the_validation_of_each_epoch()
    {
        var history = Runs.Of(Plain with { ClassWeights = new AdaptiveClassWeights() }).History;

        CollectionAssert.AreEqual((double[])[1, 1, 1], history.Epochs[0].ClassWeights!.ToArray());
        foreach (var (epoch, next) in history.Epochs.Zip(history.Epochs.Skip(1)))
        {
            CollectionAssert.AreEqual(new AdaptiveClassWeights().After([.. epoch.ClassWeights!], epoch.Validation!.Confusion), next.ClassWeights!.ToArray());
        }
    }

    [TestMethod]
    public void After_the_first_batches_nothing_is_allocated()
    {
        Assert.AreEqual(0, Allocation.Least(() =>
        {
            var allocated = new long[60];
            var batches = 0;
            using var network = new PlainNetwork(5, 6, 3, 40)
            {
                AfterBackward = _ => allocated[batches++] = GC.GetAllocatedBytesForCurrentThread(),
            };
            new NetworkTrainer(Runs.Everything with { Epochs = 1, BatchesPerRecord = 0 })
                .Fit(network, new DrawnSamples(60 * 15), new DrawnSamples(32, seed: 2), DrawnSamples.Names());
            return allocated[59] - allocated[2];
        }));
    }

    [TestMethod]
    public void Nothing_is_allocated_on_the_other_threads_either()
    {
        using var bytes = new ThreadLocal<(long First, long Last)>(trackAllValues: true);
        var reads = 0;
        var training = new DrawnSamples(1500)
        {
            OnRead = _ =>
            {
                if (Interlocked.Increment(ref reads) < 300) return;
                var now = GC.GetAllocatedBytesForCurrentThread();
                bytes.Value = bytes.Value.First == 0 ? (now, now) : (bytes.Value.First, now);
            },
        };
        using var network = new PlainNetwork(5, 6, 3, 40, threads: 3);
        new NetworkTrainer(Runs.Everything with { Epochs = 1, BatchesPerRecord = 0 })
            .Fit(network, training, new DrawnSamples(32, seed: 2), DrawnSamples.Names());

        // Storing the first value costs a thread a few bytes once, a collection by another test a few thousand; 8 bytes a sample would be 9,600.
        foreach (var (first, last) in bytes.Values) Assert.IsLessThan(5000, last - first);
    }
}
