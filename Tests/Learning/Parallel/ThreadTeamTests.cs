using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Parallel;

[TestClass]
public sealed class ThreadTeamTests
{
    [TestMethod, DataRow(1), DataRow(2), DataRow(5)]
    public void Every_item_is_worked_on_exactly_once_in_each_of_many_runs(int threads)
    {
        using var team = new ThreadTeam(threads);
        var visits = new int[1000];
        for (var run = 1; run <= 100; run++)
        {
            team.For(visits.Length, (item, _) => Interlocked.Increment(ref visits[item]));

            Assert.IsTrue(visits.All(count => count == run), $"After {run} runs items were visited {visits.Min()} to {visits.Max()} times.");
        }
    }

    [TestMethod]
    public void Workers_have_numbers_below_the_team_s_size_and_none_works_twice_at_once()
    {
        using var team = new ThreadTeam(4);
        var isBusy = new int[team.Count];
        team.For(10_000, (_, worker) =>
        {
            Assert.AreEqual(0, Interlocked.Exchange(ref isBusy[worker], 1));
            Interlocked.Exchange(ref isBusy[worker], 0);
        });
    }

    [TestMethod, DataRow(1), DataRow(3)]
    public void An_exception_reaches_the_caller_and_the_team_works_on(int threads)
    {
        using var team = new ThreadTeam(threads);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => team.For(100, (item, _) =>
        {
            if (item == 37) throw new InvalidDataException("item 37");
        }));

        Assert.AreEqual("item 37", error.Message);
        var done = 0;
        team.For(100, (_, _) => Interlocked.Increment(ref done));
        Assert.AreEqual(100, done);
    }

    [TestMethod]
    public void No_items_are_no_work()
    {
        using var team = new ThreadTeam(2);

        team.For(0, (_, _) => Assert.Fail("There was nothing to do."));
    }

    [TestMethod]
    public void Runs_do_not_allocate()
    {
        using var team = new ThreadTeam(2);
        Action<int, int> work = static (_, _) => { };
        team.For(10, work);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++) team.For(10, work);

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_negative_number_of_threads_is_refused() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ThreadTeam(-1));

    [TestMethod]
    public void A_team_can_be_closed_twice()
    {
        var team = new ThreadTeam(3);
        team.Dispose();
        team.Dispose();
    }
}
