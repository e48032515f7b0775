using MLPipelines.Pipelines;
using Spectre.Console;

namespace MLPipelines.Cli.Terminal;

/// <summary>Shows <see cref="PipelineProgress"/>: one bar per stage on a terminal, one line per stage elsewhere, nothing with <c>--quiet</c>.</summary>
internal static class ProgressBars
{
    /// <summary>Runs the work and shows how far it is.</summary>
    public static T While<T>(this Screen screen, Func<IProgress<PipelineProgress>, T> work) => screen.Interactive
        ? New(screen).Start(context => work(new StageBars(new Bars(context))))
        : work(new StageLines(screen));

    /// <summary>A live display with a description, a bar, a percentage and the time left in each line.</summary>
    public static Progress New(Screen screen) => screen.Error.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    /// <summary>A line when a stage begins.</summary>
    public sealed class StageLines(Screen screen) : IProgress<PipelineProgress>
    {
        private readonly Lock gate = new();
        private string? stage;

        public void Report(PipelineProgress value)
        {
            lock (gate)
            {
                if (value.Stage == stage)
                    return;
                stage = value.Stage;
                screen.Note($"{value.Stage} …");
            }
        }
    }

    /// <summary>A bar for each stage.</summary>
    public sealed class StageBars(Bars bars) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value) => bars.Show(value.Stage, value.Stage, value.Done, value.Total);
    }

    /// <summary>The bars of a live display, of which the last one moves.</summary>
    public sealed class Bars(ProgressContext context)
    {
        private readonly Lock gate = new();
        private ProgressTask? task;
        private string? current;

        /// <summary>Moves the bar of a stage; where another stage's bar was moving, that one is done and this one begins.</summary>
        public void Show(string stage, string description, long done, long total)
        {
            lock (gate)
            {
                if (stage != current)
                {
                    Fill();
                    (task, current) = (context.AddTask(Markup.Escape(description)), stage);
                }

                task!.Description = Markup.Escape(description);
                task.IsIndeterminate = total <= 0;
                task.MaxValue = Math.Max(1, total);
                task.Value = done;
            }
        }

        /// <summary>Fills the bar that moved last: the work is done, also where it ended before all that there might have been.</summary>
        public void Finish()
        {
            lock (gate)
                Fill();
        }

        private void Fill()
        {
            if (task is null)
                return;
            task.IsIndeterminate = false;
            task.Value = task.MaxValue;
            task.StopTask();
            (task, current) = (null, null);
        }
    }
}
