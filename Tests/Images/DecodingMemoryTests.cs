using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

[TestClass]
public sealed class DecodingMemoryTests
{
    [TestMethod]
    public void Large_images_wait_for_each_other_and_none_waits_for_ever()
    {
        const long Large = 400L << 20;
        long taken = 0, most = 0;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var room = DecodingMemory.Reserve(Large);
            var now = Interlocked.Add(ref taken, Large);
            InterlockedMax(ref most, now);
            Thread.Yield();
            Interlocked.Add(ref taken, -Large);
        });
        Assert.IsLessThanOrEqualTo(DecodingMemory.Limit, most);
    }

    [TestMethod]
    public void An_image_larger_than_all_is_decoded_alone() => DecodingMemory.Reserve(2 * DecodingMemory.Limit)!.Dispose();

    [TestMethod]
    public void Small_images_are_not_counted() => Assert.IsNull(DecodingMemory.Reserve(1 << 20));

    private static void InterlockedMax(ref long most, long value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) is var was && was != seen)
            seen = was;
    }
}
