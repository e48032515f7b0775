namespace MLPipelines.Learning;

/// <summary>Gives every map its room: one sample for each worker where its values are used up within a stage or computed again, else the whole batch.</summary>
internal static class MapAllocation
{
    /// <summary>Allocates all maps of a compiled network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="forward">The passes forward, in training and in use: what waits for the batch in the one may not in the other.</param>
    /// <param name="backward">The pass backward.</param>
    /// <param name="workers">How many work at once.</param>
    /// <param name="largestBatch">The most samples.</param>
    public static void Allocate(NetworkCompiler network, (Schedule Training, Schedule Use) forward, Schedule backward, int workers, int largestBatch)
    {
        var (training, use) = (Users(forward.Training, step => step.UsedForward), Users(forward.Use, step => step.UsedForward));
        var back = Users(backward, step => step.UsedBackward);
        FeatureMap?[] outside = [network.Tensors[0].Values, network.Output.Values, network.Output.Gradient];
        foreach (var map in training.Select(stages => stages.Key).Union(back.Select(stages => stages.Key)))
        {
            var isUsedUp = map.IsComputedAgain || IsWithinAStage(back[map]) && !(training.Contains(map) && back.Contains(map));
            var staysWithin = isUsedUp && IsWithinAStage(training[map]) && IsWithinAStage(use[map]) && !outside.Contains(map);
            map.Allocate(staysWithin ? workers : largestBatch, staysWithin);
        }
    }

    private static ILookup<FeatureMap, IReadOnlyList<Step>> Users(Schedule schedule, Func<Step, IEnumerable<FeatureMap?>> maps) =>
        schedule.Stages.SelectMany(stage => stage.SelectMany(maps).OfType<FeatureMap>().Distinct().Select(map => (map, stage))).ToLookup(pair => pair.map, pair => pair.stage);

    private static bool IsWithinAStage(IEnumerable<IReadOnlyList<Step>> stages) => stages.Count() <= 1 && stages.All(stage => stage.All(step => step is SampleStep));
}
