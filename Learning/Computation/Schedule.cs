namespace MLPipelines.Learning;

/// <summary>The steps of one direction as stages: a worker takes a sample through all steps of a stage before it takes the next.</summary>
internal sealed class Schedule
{
    private readonly Stage[] stages;

    private Schedule(IReadOnlyList<Stage> stages) => this.stages = [.. stages];

    /// <summary>The stages forward, in training or in use, where nothing waits for the batch.</summary>
    public static Schedule Forward(IReadOnlyList<Step> steps, bool isTraining) => new(Cut(steps, step => isTraining && step.EndsForward, isForward: true));

    /// <summary>The stages backward.</summary>
    public static Schedule Backward(IReadOnlyList<Step> steps) => new(Cut([.. steps.Reverse()], step => step.EndsBackward, isForward: false));

    /// <summary>The steps of each stage.</summary>
    public IEnumerable<IReadOnlyList<Step>> Stages => stages.Select(stage => stage.Steps);

    /// <summary>Runs all stages.</summary>
    public void Run(Pass pass, ThreadTeam team)
    {
        foreach (var stage in stages) stage.Run(pass, team);
    }

    private static List<Stage> Cut(IReadOnlyList<Step> steps, Func<SampleStep, bool> ends, bool isForward)
    {
        List<Stage> stages = [];
        List<SampleStep> open = [];
        foreach (var step in steps)
        {
            if (step is SampleStep sampleStep)
            {
                open.Add(sampleStep);
                if (ends(sampleStep)) Close();
            }
            else
            {
                Close();
                stages.Add(new BatchStage((BatchStep)step, isForward));
            }
        }

        Close();
        return stages;

        void Close()
        {
            if (open.Count > 0) stages.Add(new SampleStage([.. open], isForward));
            open.Clear();
        }
    }

    private abstract class Stage
    {
        public abstract IReadOnlyList<Step> Steps { get; }

        public abstract void Run(Pass pass, ThreadTeam team);
    }

    private sealed class BatchStage(BatchStep step, bool isForward) : Stage
    {
        public override IReadOnlyList<Step> Steps => [step];

        public override void Run(Pass pass, ThreadTeam team)
        {
            if (isForward) step.Forward(pass, team);
            else step.Backward(pass, team);
        }
    }

    private sealed class SampleStage : Stage
    {
        private readonly SampleStep[] steps;
        private readonly bool isForward;
        private readonly Action<int, int> runSlot;
        private Pass pass;

        public SampleStage(SampleStep[] steps, bool isForward)
        {
            (this.steps, this.isForward) = (steps, isForward);
            runSlot = RunSlot;
        }

        public override IReadOnlyList<Step> Steps => steps;

        public override void Run(Pass pass, ThreadTeam team)
        {
            this.pass = pass;
            team.For(Slots.Count(pass.Samples), runSlot);
            foreach (var step in steps)
            {
                if (isForward) step.FinishForward(pass, team);
                else step.FinishBackward(pass, team);
            }
        }

        private void RunSlot(int slot, int worker)
        {
            var end = Slots.First(slot + 1, pass.Samples);
            for (var sample = Slots.First(slot, pass.Samples); sample < end; sample++)
            {
                foreach (var step in steps)
                {
                    if (isForward) step.Forward(pass, sample, slot, worker);
                    else step.Backward(pass, sample, slot, worker);
                }
            }
        }
    }
}
