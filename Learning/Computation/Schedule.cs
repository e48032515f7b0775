namespace MLPipelines.Learning;

/// <summary>The steps of one direction as stages: a worker takes a sample through all steps of a stage before it takes the next.</summary>
internal sealed class Schedule
{
    private readonly Stage[] stages;

    private Schedule(IReadOnlyList<Stage> stages) => this.stages = [.. stages];

    /// <summary>The stages forward, in training or in use, where nothing waits for the batch.</summary>
    public static Schedule Forward(IReadOnlyList<Step> steps, bool isTraining) =>
        new(Cut(steps, step => isTraining && step.EndsForward, NeedsValuesOf, isForward: true));

    /// <summary>The stages backward. Notes in each tensor which step is the first to write its gradient.</summary>
    public static Schedule Backward(IReadOnlyList<Step> steps)
    {
        var schedule = new Schedule(Cut([.. steps.Reverse()], step => step.EndsBackward, NeedsGradientsOf, isForward: false));
        foreach (var step in schedule.Stages.SelectMany(stage => stage))
        {
            foreach (var target in step.GradientTargets.Where(target => target != step.Output)) target.FirstGradientWriter ??= step;
        }

        return schedule;
    }

    /// <summary>The steps of each stage.</summary>
    public IEnumerable<IReadOnlyList<Step>> Stages => stages.Select(stage => stage.Steps);

    /// <summary>Runs all stages.</summary>
    public void Run(Pass pass, ThreadTeam team)
    {
        foreach (var stage in stages) stage.Run(pass, team);
    }

    // Whether a step must wait for one that comes before it: it uses what that one writes, or writes in place what that one reads.
    private static bool NeedsValuesOf(Step step, Step before) =>
        step.Output == before.Output || step.Inputs.Contains(before.Output) || before.Inputs.Contains(step.Output);

    private static bool NeedsGradientsOf(Step step, Step before) => step.Output == before.Output || before.GradientTargets.Contains(step.Output);

    /// <summary>Puts each step into the earliest stage where all is ready that it needs, and then into the latest that those still wait for which need it.</summary>
    /// <remarks>So the branches of a residual block wait for the batch together, and what one of them makes is used up while it is in the cache.</remarks>
    private static List<Stage> Cut(IReadOnlyList<Step> steps, Func<SampleStep, bool> ends, Func<Step, Step, bool> needs, bool isForward)
    {
        int[][] needed = [.. steps.Select((step, at) => Enumerable.Range(0, at).Where(before => needs(step, steps[before])).ToArray())];
        var stageOf = Enumerable.Repeat(int.MaxValue, steps.Count).ToArray();
        var count = 0;
        for (var placed = 0; placed < steps.Count; count++) placed += Fill(count);
        for (var at = steps.Count - 1; at >= 0; at--)
        {
            if (!Stays(at)) continue;
            var latest = Enumerable.Range(at, steps.Count - at).Where(later => needed[later].Contains(at)).Select(later => stageOf[later]).DefaultIfEmpty(stageOf[at]).Min();
            if (IsOfSamples(latest)) stageOf[at] = latest;
        }

        return [.. Enumerable.Range(0, count).Select(stage => StepsOf(stage).ToArray()).Where(stage => stage.Length > 0).Select(Make)];

        int Fill(int stage)
        {
            var added = 0;
            for (var at = 0; at < steps.Count; at++)
            {
                var isReady = stageOf[at] == int.MaxValue && needed[at].All(before => stageOf[before] < stage || stageOf[before] == stage && Stays(before));
                if (!isReady || steps[at] is BatchStep && added > 0) continue;
                stageOf[at] = stage;
                added++;
                if (steps[at] is BatchStep) break;
            }

            return added;
        }

        bool Stays(int at) => steps[at] is SampleStep step && !ends(step);

        bool IsOfSamples(int stage) => StepsOf(stage).All(step => step is SampleStep);

        IEnumerable<Step> StepsOf(int stage) => steps.Where((_, at) => stageOf[at] == stage);

        Stage Make(Step[] stage) => stage[0] is BatchStep single ? new BatchStage(single, isForward) : new SampleStage([.. stage.Cast<SampleStep>()], isForward);
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
