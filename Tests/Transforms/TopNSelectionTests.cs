using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class TopNSelectionTests
{
    private static readonly string[] Labels = ["cat", "dog", "owl", "eel"];

    [TestMethod]
    public void The_best_comes_first()
    {
        Prediction[] expected = [new("owl", 0.5f, 1), new("dog", 0.3f, 2)];
        CollectionAssert.AreEqual(expected, TopNSelection.Of([0.1f, 0.3f, 0.5f, 0.1f], Labels, 2).ToArray());
    }

    [TestMethod]
    public void Equal_scores_rank_by_index()
    {
        int[] expected = [1, 3, 0, 2];
        CollectionAssert.AreEqual(expected, Indices([0.1f, 0.4f, 0.1f, 0.4f], 4));
    }

    [TestMethod]
    public void More_than_there_are_gives_them_all() => Assert.HasCount(4, TopNSelection.Of([1, 2, 3, 4], Labels, 9));

    [TestMethod]
    public void A_score_that_is_not_a_number_comes_last_and_names_no_class()
    {
        var predictions = TopNSelection.Of([float.NaN, 0.2f, float.NaN, 0.7f], Labels, 3);

        Assert.AreEqual("eel", predictions[0].Label);
        Assert.AreEqual("dog", predictions[1].Label);
        Assert.AreEqual("", predictions[2].Label);
        Assert.IsTrue(float.IsNaN(predictions[2].Probability));
    }

    [TestMethod]
    public void It_equals_a_stable_sort_whatever_the_scores()
    {
        var random = new Random(3);
        for (var round = 0; round < 400; round++)
        {
            // Few distinct values, so that there are ties; sorted rows are the heap's worst case.
            var scores = Enumerable.Range(0, random.Next(1, 90))
                .Select(_ => random.Next(12) switch { 0 => float.NaN, 1 => float.NegativeInfinity, var v => v }).ToArray();
            if (round % 3 == 0)
                Array.Sort(scores);
            var n = random.Next(1, scores.Length + 1);
            var sorted = Enumerable.Range(0, scores.Length).OrderByDescending(i => float.IsNaN(scores[i]) ? float.NegativeInfinity : scores[i])
                .Take(n).ToArray();

            CollectionAssert.AreEqual(sorted, Indices(scores, n), string.Join(", ", scores));
        }
    }

    [TestMethod]
    public void A_wrong_number_of_labels_is_refused_with_both_numbers()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => TopNSelection.Of([1, 2, 3], Labels, 1));
        Assert.Contains("3 scores and 4 labels", error.Message);
    }

    private static int[] Indices(float[] scores, int n)
    {
        var best = new int[n];
        TopNSelection.Indices(scores, best);
        return best;
    }
}
