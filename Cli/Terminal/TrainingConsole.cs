using System.Globalization;
using MLPipelines.Learning;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Terminal;

/// <summary>
/// Shows <see cref="TrainingProgress"/>: a bar that moves with every batch on a terminal, and everywhere one line per epoch; nothing with
/// <c>--quiet</c>. Stages before and after the training have their bars too.
/// </summary>
internal static class TrainingConsole
{
    /// <summary>From so many columns on there is room for whole words beside a bar.</summary>
    private const int WideEnough = 110;

    /// <summary>Runs work that reports stages and trains in between, and shows how far it is.</summary>
    public static T WhileTraining<T>(this Screen screen, Func<IProgress<PipelineProgress>, IProgress<TrainingProgress>, T> work)
    {
        if (!screen.Interactive)
            return work(new ProgressBars.StageLines(screen), new EpochLines(screen));

        return ProgressBars.New(screen).Start(context =>
        {
            var bars = new ProgressBars.Bars(context);
            var result = work(new ProgressBars.StageBars(bars), new TrainingBar(screen, bars));
            bars.Finish();
            return result;
        });
    }

    private sealed class EpochLines(Screen screen) : IProgress<TrainingProgress>
    {
        private readonly Lock gate = new();

        public void Report(TrainingProgress value)
        {
            lock (gate)
            {
                if (value is TrainingProgress.EpochEnded ended)
                    screen.Note(EpochLine.Of(ended));
            }
        }
    }

    private sealed class TrainingBar(Screen screen, ProgressBars.Bars bars) : IProgress<TrainingProgress>
    {
        private readonly EpochLines lines = new(screen);
        private long? before;

        public void Report(TrainingProgress value)
        {
            if (value is TrainingProgress.BatchEnded batch)
                Show(batch);
            else
                lines.Report(value);
        }

        // The bar counts the batches of this run, so that the time left is right where a run goes on that was interrupted.
        private void Show(TrainingProgress.BatchEnded batch)
        {
            var done = ((batch.Epoch - 1L) * batch.Batches) + batch.Batch;
            before ??= done - 1;
            bars.Show("Train", Describe(batch), done - before.Value, ((long)batch.Epochs * batch.Batches) - before.Value);
        }

        private string Describe(TrainingProgress.BatchEnded batch) => screen.Error.Profile.Width >= WideEnough
            ? $"epoch {batch.Epoch}/{batch.Epochs}, batch {batch.Batch}/{batch.Batches}, {Figures(batch, "accuracy")} img/s"
            : $"epoch {batch.Epoch}/{batch.Epochs}, {batch.Batch}/{batch.Batches}, {Figures(batch, "acc.")}/s";

        private static string Figures(TrainingProgress.BatchEnded batch, string accuracy) =>
            string.Create(CultureInfo.InvariantCulture, $"loss {batch.Loss:0.000}, {accuracy} {ShownDigits.Down(batch.Accuracy, 3):0.000}, {batch.SamplesPerSecond:#,0}");
    }
}
