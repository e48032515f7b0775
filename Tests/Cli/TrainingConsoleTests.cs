using MLPipelines.Cli.Terminal;
using MLPipelines.Learning;
using MLPipelines.Pipelines;
using MLPipelines.Tests.Learning;

namespace MLPipelines.Tests.Cli;

/// <summary>What a person sees of a training while it runs.</summary>
[TestClass]
public sealed class TrainingConsoleTests
{
    private static readonly TrainingHistory History = SampleHistories.Of(["cat", "dog"], 3);

    [TestMethod]
    public void Without_a_terminal_there_is_a_line_per_stage_and_a_line_per_epoch() => Assert.AreEqual(
        string.Join('\n', ["Decode …", .. History.Epochs.Select(Line), "Calibrate …", ""]),
        Shown(interactive: false));

    [TestMethod]
    public void Quiet_is_quiet()
    {
        Assert.AreEqual("", Shown(interactive: false, quiet: true));
        Assert.AreEqual("", Shown(interactive: true, quiet: true));
    }

    [TestMethod]
    public void On_a_terminal_the_lines_of_the_epochs_stand_beside_the_bars()
    {
        var shown = Shown(interactive: true);

        foreach (var epoch in History.Epochs)
            Assert.Contains(Line(epoch), string.Join(' ', shown.Split('\n', StringSplitOptions.TrimEntries)));
    }

    [TestMethod]
    [DataRow(true), DataRow(false)]
    public void What_the_work_comes_to_is_handed_on_and_so_is_its_failure(bool interactive)
    {
        var screen = new Screen(TextWriter.Null, TextWriter.Null, interactive);

        Assert.AreEqual(42, screen.WhileTraining((_, _) => 42));
        Assert.AreEqual("broken", Assert.ThrowsExactly<InvalidDataException>(() => screen.WhileTraining<int>((_, _) => throw new InvalidDataException("broken"))).Message);
    }

    /// <summary>A run with a stage before and one after, stopped early: 3 of 5 epochs, of 4 batches each.</summary>
    private static string Shown(bool interactive, bool quiet = false)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var screen = new Screen(TextWriter.Null, error, interactive) { Quiet = quiet };
        screen.WhileTraining((stages, training) =>
        {
            stages.Report(new PipelineProgress("Decode", 5, 5));
            foreach (var epoch in History.Epochs)
            {
                for (var batch = 1; batch <= 4; batch++)
                    training.Report(new TrainingProgress.BatchEnded(epoch.Epoch, 5, batch, 4, double.NaN, 0.5, 0.01, 5_000));
                training.Report(new TrainingProgress.EpochEnded(epoch, 5, epoch.Epoch == 2, History.Labels));
            }

            stages.Report(new PipelineProgress("Calibrate", 0, 0));
            return true;
        });
        return error.ToString().ReplaceLineEndings("\n");
    }

    private static string Line(EpochRecord epoch) => EpochLine.Of(new(epoch, 5, epoch.Epoch == 2, History.Labels));
}
