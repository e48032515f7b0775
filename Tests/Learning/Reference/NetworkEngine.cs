using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Something that computes networks behind <see cref="ITrainableNetwork"/> and must equal the reference.</summary>
/// <param name="Name">As it stands in the names of tests.</param>
/// <param name="Create">Takes the network, the largest batch and the threads.</param>
public sealed record NetworkEngine(string Name, Func<Network, int, ThreadTeam, ITrainableNetwork> Create)
{
    /// <summary>All there are; a test of equality runs over each of them.</summary>
    public static IReadOnlyList<NetworkEngine> All { get; } =
    [
        .. VectorSet.All.Select(vectors => new NetworkEngine(
            vectors.Name, (network, largestBatch, team) => new NetworkRunner(network, largestBatch, team, vectors))),
    ];

    public override string ToString() => Name;
}
