namespace MLPipelines.Learning;

/// <summary>Gives every map its room: one sample for each worker where all that use it do so within one stage, else the whole batch.</summary>
internal static class MapAllocation
{
    /// <summary>Allocates all maps of a compiled network.</summary>
    public static void Allocate(NetworkCompiler network, Schedule forward, Schedule backward, int workers, int largestBatch)
    {
        var stages = new Dictionary<FeatureMap, HashSet<IReadOnlyList<Step>>>();
        foreach (var stage in forward.Stages) Note(stages, stage, step => step.UsedForward);
        foreach (var stage in backward.Stages) Note(stages, stage, step => step.UsedBackward);
        FeatureMap?[] outside = [network.Tensors[0].Values, network.Output.Values, network.Output.Gradient];
        foreach (var (map, users) in stages)
        {
            var staysWithin = users.Count == 1 && users.Single().All(step => step is SampleStep) && !outside.Contains(map);
            map.Allocate(staysWithin ? workers : largestBatch, staysWithin);
        }
    }

    private static void Note(Dictionary<FeatureMap, HashSet<IReadOnlyList<Step>>> stages, IReadOnlyList<Step> stage, Func<Step, IEnumerable<FeatureMap?>> maps)
    {
        foreach (var map in stage.SelectMany(maps).OfType<FeatureMap>())
        {
            if (!stages.TryGetValue(map, out var users)) stages.Add(map, users = []);
            users.Add(stage);
        }
    }
}
