using Microsoft.ML;

namespace MLPipelines.Tests.Engine;

/// <summary>Which engine the tests run on.</summary>
internal static class EmbeddedEngine
{
    public static bool IsUsed => typeof(MLContext).Assembly.GetName().Name == "MLPipelines.Engine";

    /// <summary>For what holds on this repository's engine alone; on the genuine packages the test is inconclusive.</summary>
    public static void Require(string why)
    {
        if (!IsUsed)
            Assert.Inconclusive($"Built with -p:MLNet=NuGet: {why}");
    }
}
