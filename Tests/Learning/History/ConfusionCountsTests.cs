using MLPipelines.Evaluation;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

/// <summary>What is counted while a network learns means what the report of its evaluation means.</summary>
[TestClass]
public sealed class ConfusionCountsTests
{
    // 8 cats: 6 found, 2 called dog. 4 dogs: 3 found, 1 called cat. Foxes are never seen and never guessed.
    private static ConfusionCounts CatsAndDogs() => Counts([6, 2, 0], [1, 3, 0], [0, 0, 0]);

    [TestMethod]
    public void Precision_recall_and_F1_of_a_table_worked_by_hand()
    {
        var counts = CatsAndDogs();

        Assert.AreEqual(12, counts.Total);
        Assert.AreEqual(9.0 / 12, counts.Accuracy);
        Assert.AreEqual(6.0 / 7, counts.Precision(0));
        Assert.AreEqual(6.0 / 8, counts.Recall(0));
        Assert.AreEqual(12.0 / 15, counts.F1(0));
        Assert.AreEqual((12.0 / 15 + 6.0 / 9) / 2, counts.MacroF1, "the fox is left out");
    }

    [TestMethod]
    public void What_is_undefined_is_NaN_and_not_almost_zero()
    {
        var counts = CatsAndDogs();
        var nothing = new ConfusionCounts(2);

        Assert.IsTrue(double.IsNaN(counts.Precision(2)) && double.IsNaN(counts.Recall(2)) && double.IsNaN(counts.F1(2)));
        Assert.IsTrue(double.IsNaN(nothing.Accuracy) && double.IsNaN(nothing.MacroF1) && double.IsNaN(nothing.MacroPrecision) && double.IsNaN(nothing.MacroRecall));
    }

    [TestMethod]
    public void Every_metric_equals_that_of_the_evaluation_bit_for_bit()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var (counts, matrix) = Drawn(seed);
            Evidence evidence = new(matrix);

            Assert.AreEqual(LabelMetrics.Accuracy.Of(evidence), counts.Accuracy);
            Assert.AreEqual(LabelMetrics.MacroPrecision.Of(evidence), counts.MacroPrecision);
            Assert.AreEqual(LabelMetrics.MacroRecall.Of(evidence), counts.MacroRecall);
            Assert.AreEqual(LabelMetrics.MacroF1.Of(evidence), counts.MacroF1);
            for (var index = 0; index < counts.ClassCount; index++)
            {
                Assert.AreEqual(ClassMetrics.Precision.Of(evidence, index), counts.Precision(index));
                Assert.AreEqual(ClassMetrics.Recall.Of(evidence, index), counts.Recall(index));
                Assert.AreEqual(ClassMetrics.F1.Of(evidence, index), counts.F1(index));
                Assert.AreEqual(matrix.Support(index), counts.Support(index));
                Assert.AreEqual(matrix.Predicted(index), counts.Predicted(index));
            }
        }
    }

    [TestMethod]
    public void Parts_merge_to_the_whole_whichever_comes_first()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var (first, second, whole) = (new ConfusionCounts(4), new ConfusionCounts(4), new ConfusionCounts(4));
            var random = new Random(seed);
            for (var sample = 0; sample < 100; sample++)
            {
                var (actual, predicted) = (random.Next(4), random.Next(4));
                (sample % 3 == 0 ? first : second).Add(actual, predicted);
                whole.Add(actual, predicted);
            }

            var other = second.Clone();
            other.Merge(first);
            first.Merge(second);
            MustBeEqual(whole, first);
            MustBeEqual(whole, other);
        }
    }

    [TestMethod]
    public void A_clone_keeps_its_counts_when_the_original_is_cleared_for_the_next_epoch()
    {
        var counts = CatsAndDogs();
        var kept = counts.Clone();

        counts.Clear();

        MustBeEqual(new ConfusionCounts(3), counts);
        MustBeEqual(CatsAndDogs(), kept);
    }

    [TestMethod]
    public void A_clone_can_be_counted_on_and_gives_what_the_whole_gives()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var (counts, _) = Drawn(seed);
            var kept = counts.Clone().Clone();
            MustBeEqual(counts, kept);
            CollectionAssert.AreEqual(counts.NonZero.ToArray(), kept.NonZero.ToArray());

            kept.Add(0, counts.ClassCount - 1);
            counts.Add(0, counts.ClassCount - 1);
            MustBeEqual(counts, kept);
            kept.Clear();
            MustBeEqual(new ConfusionCounts(counts.ClassCount), kept);
        }
    }

    [TestMethod]
    public void A_clone_of_a_thousand_classes_takes_the_memory_of_what_was_counted()
    {
        var counts = new ConfusionCounts(1_000);
        for (var index = 0; index < 1_000; index++)
            counts.Add(index, index, 50);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var kept = counts.Clone();

        Assert.IsLessThan(500_000L, GC.GetAllocatedBytesForCurrentThread() - before, "the cells alone would have 8 MB");
        Assert.AreEqual(1.0, kept.MacroF1);
    }

    [TestMethod]
    public void Counting_allocates_nothing()
    {
        Assert.AreEqual(0, Allocation.Least(() =>
        {
            var counts = new ConfusionCounts(10); // anew: no cell has been met
            counts.Add(0, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var sample = 0; sample < 10_000; sample++) counts.Add(sample % 10, sample % 7);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    [TestMethod]
    [DataRow(3, 0), DataRow(0, 3), DataRow(-1, 0), DataRow(0, -1)]
    public void A_class_that_there_is_not_is_refused(int actual, int predicted)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CatsAndDogs().Add(actual, predicted));

        Assert.Contains($"true class {actual} and the predicted class {predicted}; both must be from 0 to 2", error.Message);
    }

    [TestMethod]
    public void Counts_of_other_classes_do_not_merge() =>
        Assert.Contains("5 classes", Assert.ThrowsExactly<ArgumentException>(() => CatsAndDogs().Merge(new ConfusionCounts(5))).Message);

    /// <summary>Random counts, with classes that do not occur, are never predicted, or neither.</summary>
    private static (ConfusionCounts Counts, ConfusionMatrix Matrix) Drawn(int seed)
    {
        var random = new Random(seed);
        var classes = random.Next(1, 9);
        bool[] occurs = [.. Enumerable.Range(0, classes).Select(_ => random.Next(4) > 0)];
        bool[] guessed = [.. Enumerable.Range(0, classes).Select(_ => random.Next(4) > 0)];
        var counts = new ConfusionCounts(classes);
        var rows = new double[classes][];
        for (var actual = 0; actual < classes; actual++)
        {
            rows[actual] = new double[classes];
            for (var predicted = 0; predicted < classes; predicted++)
            {
                var samples = occurs[actual] && guessed[predicted] ? random.Next(3) * random.Next(1_000) : 0;
                counts.Add(actual, predicted, samples);
                rows[actual][predicted] = samples;
            }
        }

        return (counts, ConfusionMatrix.Of([.. Enumerable.Range(0, classes).Select(index => $"class {index}")], rows));
    }

    private static ConfusionCounts Counts(params int[][] rows)
    {
        var counts = new ConfusionCounts(rows.Length);
        foreach (var (actual, row) in rows.Index())
        {
            foreach (var (predicted, samples) in row.Index())
                counts.Add(actual, predicted, samples);
        }

        return counts;
    }

    private static void MustBeEqual(ConfusionCounts expected, ConfusionCounts actual)
    {
        Assert.AreEqual((expected.ClassCount, expected.Total, expected.Correct), (actual.ClassCount, actual.Total, actual.Correct));
        for (var row = 0; row < expected.ClassCount; row++)
        {
            for (var column = 0; column < expected.ClassCount; column++)
                Assert.AreEqual(expected[row, column], actual[row, column]);
        }
    }
}
