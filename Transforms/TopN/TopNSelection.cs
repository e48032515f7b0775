using System.Numerics;

namespace MLPipelines.Transforms;

/// <summary>Selects the n largest scores, the largest first.</summary>
/// <remarks>
/// Equal scores rank by their index, the lower first, so that the first of the list is the arg-max everywhere in MLPipelines. NaN ranks with
/// −∞. Most scores cost one comparison, several at a time; n scores are kept in a heap, so that K scores cost at worst K log n steps.
/// </remarks>
public static class TopNSelection
{
    /// <summary>Finds the indices of the largest scores.</summary>
    /// <param name="scores">K scores.</param>
    /// <param name="best">Receives the indices of the <c>best.Length</c> largest, the largest first; at most K.</param>
    /// <exception cref="ArgumentException">More are asked for than there are.</exception>
    public static void Indices(ReadOnlySpan<float> scores, Span<int> best)
    {
        if (best.Length > scores.Length)
            throw new ArgumentException($"The {best.Length} best of {scores.Length} scores cannot be selected.", nameof(best));
        if (best.IsEmpty)
            return;

        // best is a heap whose root is the worst that is kept.
        for (var i = 0; i < best.Length; i++)
            best[i] = i;
        for (var root = (best.Length / 2) - 1; root >= 0; root--)
            SiftDown(scores, best, root);

        var index = best.Length;
        while (index < scores.Length)
        {
            var worst = Rankable(scores[best[0]]);
            while (scores.Length - index >= Vector<float>.Count
                && !Vector.GreaterThanAny(new Vector<float>(scores[index..]), new Vector<float>(worst)))
                index += Vector<float>.Count;
            for (var end = Math.Min(scores.Length, index + Vector<float>.Count); index < end; index++)
            {
                // A later index loses a tie, so that only a larger score enters.
                if (scores[index] > Rankable(scores[best[0]]))
                {
                    best[0] = index;
                    SiftDown(scores, best, 0);
                }
            }
        }

        // Heap sort: the worst goes to the end, again and again.
        for (var size = best.Length - 1; size > 0; size--)
        {
            (best[0], best[size]) = (best[size], best[0]);
            SiftDown(scores, best[..size], 0);
        }
    }

    /// <summary>The n best classes of one row, the best first.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="labels">The name of each class.</param>
    /// <param name="n">How many; more than there are classes gives them all.</param>
    /// <exception cref="ArgumentException">There are not as many labels as scores, or n is below 1.</exception>
    public static IReadOnlyList<Prediction> Of(ReadOnlySpan<float> scores, IReadOnlyList<string> labels, int n)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        if (labels.Count != scores.Length)
            throw new ArgumentException($"There are {scores.Length} scores and {labels.Count} labels; each score needs its label.", nameof(labels));

        Span<int> best = stackalloc int[Math.Min(n, Math.Min(scores.Length, 64))];
        if (best.Length < Math.Min(n, scores.Length))
            best = new int[Math.Min(n, scores.Length)];
        Indices(scores, best);
        var predictions = new Prediction[best.Length];
        for (var rank = 0; rank < best.Length; rank++)
        {
            var score = scores[best[rank]];
            predictions[rank] = new(float.IsNaN(score) ? "" : labels[best[rank]], score, rank + 1);
        }

        return predictions;
    }

    private static void SiftDown(ReadOnlySpan<float> scores, Span<int> heap, int root)
    {
        while (true)
        {
            var child = (2 * root) + 1;
            if (child >= heap.Length)
                return;
            if (child + 1 < heap.Length && IsWorse(scores, heap[child + 1], heap[child]))
                child++;
            if (!IsWorse(scores, heap[child], heap[root]))
                return;
            (heap[root], heap[child]) = (heap[child], heap[root]);
            root = child;
        }
    }

    private static bool IsWorse(ReadOnlySpan<float> scores, int one, int other)
    {
        var (a, b) = (Rankable(scores[one]), Rankable(scores[other]));
        return a < b || (a == b && one > other);
    }

    private static float Rankable(float score) => float.IsNaN(score) ? float.NegativeInfinity : score;
}
