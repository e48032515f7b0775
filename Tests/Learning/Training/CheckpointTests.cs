using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class CheckpointTests
{
    private static readonly Outcome Uninterrupted = Runs.Of(Runs.Everything);

    /// <summary>3 epochs of 4 batches, counted through.</summary>
    public static IEnumerable<int> Places => Enumerable.Range(1, 12);

    [TestMethod, DynamicData(nameof(Places))]
    public void Cancelled_after_any_batch_and_resumed_it_ends_as_if_never_interrupted(int place)
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        using var source = new CancellationTokenSource();
        var broken = Runs.Of(settings, cancellation: source.Token, progress: After(place, source.Cancel));
        Assert.AreEqual(StopReason.Cancelled, broken.Result.Stop);

        // With another number of threads, and a network that was drawn otherwise: everything comes from the checkpoint.
        Runs.AreSame(Uninterrupted, Runs.Of(settings, threads: 2, seed: 4), $"after batch {place}");
    }

    [TestMethod, DynamicData(nameof(Places))]
    public void Broken_off_by_an_error_after_any_batch_it_goes_on_from_the_last_checkpoint(int place)
    {
        using var folder = new TemporaryFolder();
        foreach (var every in (int[])[0, 1, 3])
        {
            var settings = In(folder, Runs.Everything, every);
            Assert.ThrowsExactly<TimeoutException>(() => Runs.Of(settings, progress: After(place, () => throw new TimeoutException())));
            Runs.AreSame(Uninterrupted, Runs.Of(settings), $"after batch {place}, a checkpoint every {every} batches");
            Directory.Delete(settings.Checkpoints!.Folder, recursive: true);
        }
    }

    [TestMethod]
    public void Interrupted_after_every_single_batch_it_still_ends_the_same()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        var runs = 0;
        Outcome outcome;
        do
        {
            using var source = new CancellationTokenSource();
            outcome = Runs.Of(settings, cancellation: source.Token, progress: After(1, source.Cancel));
            runs++;
        }
        while (outcome.Result.Stop == StopReason.Cancelled);

        Assert.AreEqual(13, runs);
        Runs.AreSame(Uninterrupted, outcome);
    }

    [TestMethod]
    public void Ended_by_its_time_budget_again_and_again_it_still_ends_the_same()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything) with { TimeBudget = TimeSpan.FromSeconds(5) };
        var clock = new ManualClock();
        List<StopReason> stops = [];
        Outcome outcome;
        do
        {
            outcome = Runs.Of(settings, time: clock, progress: _ => clock.Advance(TimeSpan.FromSeconds(1)));
            stops.Add(outcome.Result.Stop);
        }
        while (outcome.Result.Stop == StopReason.TimeBudget);

        // 12 batches and the ends of 3 epochs take 15 seconds; the last 5 of them finish.
        CollectionAssert.AreEqual((StopReason[])[StopReason.TimeBudget, StopReason.TimeBudget, StopReason.Finished], stops);
        CollectionAssert.AreEqual(Uninterrupted.Weights, outcome.Weights);
    }

    // Each of the 32 validation samples takes a second, in batches of 15, 15 and 2; training takes no time.
    [TestMethod]
    public void The_time_budget_holds_in_the_validation_which_is_gone_on_with_where_it_was_broken_off()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything) with { TimeBudget = TimeSpan.FromSeconds(20) };
        var clock = new ManualClock();
        var validation = new DrawnSamples(32, seed: 2) { OnRead = _ => clock.Advance(TimeSpan.FromSeconds(1)) };
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var broken = Runs.Of(settings, validation: validation, time: clock).History;

            Assert.AreEqual(StopReason.TimeBudget, broken.Stop);
            Assert.AreEqual($"The time of 00:00:20 was used up in the validation of epoch {epoch} after batch 2 of 3.", broken.StopDetail);
            Assert.HasCount(epoch - 1, broken.Epochs, "an epoch that was judged by some of the samples only is not in the history");
        }

        var outcome = Runs.Of(settings, validation: validation, time: clock);
        Runs.AreSame(Runs.Of(Runs.Everything with { TimeBudget = settings.TimeBudget }, time: new ManualClock()), outcome);
        foreach (var epoch in outcome.History.Epochs) Assert.AreEqual(32, epoch.Seconds, 1e-6);
    }

    [TestMethod]
    public void A_time_that_was_used_up_by_the_last_batch_leaves_none_for_the_validation()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        var clock = new ManualClock();
        var broken = Runs.Of(
            settings with { TimeBudget = TimeSpan.FromSeconds(4) }, time: clock, progress: After(4, () => clock.Advance(TimeSpan.FromSeconds(4))));

        StringAssert.Contains(broken.History.StopDetail, "in the validation of epoch 1 after batch 0 of 3");
        Runs.AreSame(Uninterrupted, Runs.Of(settings));
    }

    [TestMethod]
    public void Without_validation_samples_a_cancellation_after_the_last_batch_comes_too_late_to_matter()
    {
        using var source = new CancellationTokenSource();
        using var network = new PlainNetwork(5, 6, 3, 40, seed: 3);
        var result = new NetworkTrainer(new NetworkTrainingSettings { Epochs = 1, BatchSize = 25 }).Fit(
            network, new DrawnSamples(50), null, DrawnSamples.Names(), new Runs.Reporting(After(2, source.Cancel)), source.Token);

        Assert.AreEqual(StopReason.Finished, result.Stop);
        Assert.HasCount(1, result.History.Epochs);
    }

    [TestMethod]
    public void Cancelled_in_the_validation_it_goes_on_with_the_rest()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var settings = In(folder, Runs.Everything);
        var read = 0;
        var validation = new DrawnSamples(32, seed: 2)
        {
            OnRead = _ =>
            {
                if (++read == 32 + 32 + 8) source.Cancel(); // once for the fingerprint, once for epoch 1, and the 8th of epoch 2
            },
        };
        var broken = Runs.Of(settings, validation: validation, cancellation: source.Token);

        Assert.AreEqual("Cancelled in the validation of epoch 2 after batch 1 of 3.", broken.History.StopDetail);
        Runs.AreSame(Uninterrupted, Runs.Of(settings));
    }

    [TestMethod]
    public void A_finished_training_gives_its_result_again_and_more_epochs_go_on_from_it()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        Runs.AreSame(Uninterrupted, Runs.Of(settings));
        Runs.AreSame(Uninterrupted, Runs.Of(settings));

        var longer = Runs.Of(Runs.Everything with { Epochs = 5 }).Weights;
        CollectionAssert.AreEqual(longer, Runs.Of(settings with { Epochs = 5 }).Weights);
    }

    [TestMethod]
    public void A_training_that_stopped_early_stays_stopped()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything) with
        {
            Epochs = 40, Optimizer = new Adam { LearningRate = 0.3 }, EarlyStopping = new EarlyStopping { Patience = 2 },
        };
        var first = Runs.Of(settings);
        Assert.AreEqual(StopReason.EarlyStopping, first.Result.Stop);
        Runs.AreSame(first, Runs.Of(settings));
    }

    [TestMethod]
    public void The_folder_holds_last_best_and_kept_checkpoints_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything, keepEvery: 2);
        Runs.Of(settings);

        CollectionAssert.AreEqual(
            (string[])["best.checkpoint", "epoch-0002.checkpoint", "last.checkpoint"],
            Directory.GetFiles(settings.Checkpoints!.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void Any_kept_checkpoint_can_be_gone_on_from_when_put_in_the_place_of_the_last()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything, keepEvery: 1);
        Runs.Of(settings);
        var place = settings.Checkpoints!.Folder;
        File.Copy(Path.Combine(place, "epoch-0001.checkpoint"), Path.Combine(place, "last.checkpoint"), overwrite: true);

        Runs.AreSame(Uninterrupted, Runs.Of(settings));
    }

    public static IEnumerable<(string Named, Func<NetworkTrainingSettings, NetworkTrainingSettings> Change)> OtherSettings =>
    [
        ("setting batchSize was 15 and is 16", settings => settings with { BatchSize = 16 }),
        ("setting optimizer was {\"type\":\"adamw\"", settings => settings with { Optimizer = new AdamW { LearningRate = 0.03 } }),
        ("setting seed was 7 and is 8", settings => settings with { Seed = 8 }),
        ("setting mixup was {\"alpha\":0.4} and is none", settings => settings with { Mixup = null }),
        ("setting epochs was 3 and is 4", settings => settings with { Epochs = 4 }),
    ];

    [TestMethod, DynamicData(nameof(OtherSettings))]
    public void Other_settings_are_refused_by_name(string named, Func<NetworkTrainingSettings, NetworkTrainingSettings> change)
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything with { Schedule = new CosineSchedule() }); // which depends on the number of epochs
        Runs.Of(settings);

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Runs.Of(change(settings))).Message, named);
        Runs.Of(settings with { TimeBudget = TimeSpan.FromHours(1), BatchesPerRecord = 1 });
    }

    [TestMethod]
    public void Other_data_and_another_network_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        Runs.Of(settings);
        DrawnSamples relabelled = new(50), touched = new(50);
        (relabelled.Labels[40], relabelled.Labels[41]) = (relabelled.Labels[40] == 0 ? 1 : 0, 2);
        touched.Values[17][2] += 0.001f;

        Refused("training data was 50 samples", () => Runs.Of(settings, training: relabelled));
        Refused("training data was 50 samples", () => Runs.Of(settings, training: touched));
        Refused("is 51 samples of 5", () => Runs.Of(settings, training: new DrawnSamples(51)));
        Refused("validation data was 32 samples", () => Runs.Of(settings, validation: new DrawnSamples(32, seed: 3)));
        Refused("network tensors was hidden.weight 5×6", () => Runs.Of(settings, hidden: 7));
    }

    [TestMethod]
    [DataRow(0), DataRow(255), DataRow(256), DataRow(1234), DataRow(2599)]
    public void A_single_pixel_that_changed_in_any_of_many_images_is_noticed(int image)
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, new NetworkTrainingSettings { Epochs = 1, BatchSize = 40 });
        var shape = ImageShape.Vector(4);
        int[] labels = [.. Enumerable.Range(0, 2600).Select(i => i % 3)];
        var pixels = new byte[labels.Length * shape.Size];
        new Random(1).NextBytes(pixels);
        var validation = new ByteImages(shape, new byte[3 * shape.Size], [0, 1, 2]);
        Runs.Of(settings, training: new ByteImages(shape, pixels, labels), validation: validation);

        // The same data are the same for another number of threads too.
        Runs.Of(settings, threads: 3, training: new ByteImages(shape, pixels, labels), validation: validation);
        pixels[image * shape.Size + 3] ^= 1;
        Refused("training data was 2600 samples", () => Runs.Of(settings, training: new ByteImages(shape, pixels, labels), validation: validation));
    }

    [TestMethod]
    public void A_changed_byte_anywhere_and_a_cut_anywhere_are_noticed()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        Runs.Of(settings);
        var path = Path.Combine(settings.Checkpoints!.Folder, "last.checkpoint");
        var whole = File.ReadAllBytes(path);
        for (var place = 0; place < whole.Length; place += place < 100 ? 1 : 97)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Refused(path, () => Runs.Of(settings));
            File.WriteAllBytes(path, whole[..place]);
            Refused(path, () => Runs.Of(settings));
        }

        File.WriteAllBytes(path, whole);
        Runs.AreSame(Uninterrupted, Runs.Of(settings));
    }

    [TestMethod]
    public void A_folder_with_a_training_is_not_overwritten_and_one_without_is_not_gone_on_from()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        var missing = Assert.ThrowsExactly<FileNotFoundException>(() => Runs.Of(With(settings, CheckpointStart.Resume)));
        StringAssert.Contains(missing.Message, "There is no training to go on with");

        Runs.Of(With(settings, CheckpointStart.New));
        var there = Assert.ThrowsExactly<IOException>(() => Runs.Of(With(settings, CheckpointStart.New)));
        StringAssert.Contains(there.Message, "holds the checkpoint of a training already");
        Runs.AreSame(Uninterrupted, Runs.Of(With(settings, CheckpointStart.Resume)));
    }

    [TestMethod]
    public void Two_trainings_do_not_write_into_one_folder()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything);
        IOException? second = null;
        Runs.Of(settings, progress: After(2, () => second = Assert.ThrowsExactly<IOException>(() => Runs.Of(settings))));

        StringAssert.Contains(second!.Message, "another training is writing into it");
    }

    // /dev/full takes no byte: what a full disk does.
    [TestMethod, OSCondition(OperatingSystems.Linux)]
    public void A_full_disk_is_a_clear_error_and_leaves_the_checkpoint_before()
    {
        using var folder = new TemporaryFolder();
        var settings = In(folder, Runs.Everything, every: 1);
        var last = Path.Combine(settings.Checkpoints!.Folder, "last.checkpoint");
        var fill = After(5, () => File.CreateSymbolicLink(last + ".new", "/dev/full"));
        var error = Assert.ThrowsExactly<IOException>(() => Runs.Of(settings, progress: fill));

        StringAssert.Contains(error.Message, $"Cannot write the checkpoint '{last}'");
        StringAssert.Contains(error.Message, "The one that was there is untouched.");
        Runs.AreSame(Uninterrupted, Runs.Of(settings));
    }

    [TestMethod]
    public void A_place_that_is_no_folder_is_a_clear_error()
    {
        using var folder = new TemporaryFolder();
        var settings = Runs.Everything with { Checkpoints = new CheckpointSettings { Folder = folder.Write("a file", "") } };
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => Runs.Of(settings)).Message, "Cannot make the folder of checkpoints");
    }

    private static NetworkTrainingSettings In(TemporaryFolder folder, NetworkTrainingSettings settings, int every = 0, int keepEvery = 0) =>
        settings with
        {
            Checkpoints = new CheckpointSettings
            {
                Folder = folder["checkpoints"], Start = CheckpointStart.ResumeOrNew, EveryBatches = every, KeepEveryEpochs = keepEvery,
            },
        };

    private static NetworkTrainingSettings With(NetworkTrainingSettings settings, CheckpointStart start) =>
        settings with { Checkpoints = settings.Checkpoints! with { Start = start } };

    private static void Refused(string named, Action train) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(train).Message, named);

    private static Action<TrainingProgress> After(int batches, Action act)
    {
        var count = 0;
        return one =>
        {
            if (one is TrainingProgress.BatchEnded && ++count == batches) act();
        };
    }
}
