using MLPipelines.Pipelines;
using Spectre.Console;

namespace MLPipelines.Cli.Terminal;

/// <summary>Shows <see cref="PipelineProgress"/>: one bar per stage on a terminal, one line per stage elsewhere, nothing with <c>--quiet</c>.</summary>
internal static class ProgressBars
{
    /// <summary>Runs the work and shows how far it is.</summary>
    public static T While<T>(this Screen screen, Func<IProgress<PipelineProgress>, T> work)
    {
        if (!screen.Interactive)
            return work(new StageLines(screen));

        return screen.Error.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new StageBars(context)));
    }

    private sealed class StageLines(Screen screen) : IProgress<PipelineProgress>
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

    private sealed class StageBars(ProgressContext context) : IProgress<PipelineProgress>
    {
        private readonly Lock gate = new();
        private ProgressTask? task;

        public void Report(PipelineProgress value)
        {
            lock (gate)
            {
                if (task?.Description != Markup.Escape(value.Stage))
                {
                    Finish();
                    task = context.AddTask(Markup.Escape(value.Stage));
                }

                task.IsIndeterminate = value.Total <= 0;
                task.MaxValue = Math.Max(1, value.Total);
                task.Value = value.Done;
            }
        }

        // A stage that is left is done, also where its last report was not its last item.
        private void Finish()
        {
            if (task is null)
                return;
            task.IsIndeterminate = false;
            task.Value = task.MaxValue;
            task.StopTask();
        }
    }
}
