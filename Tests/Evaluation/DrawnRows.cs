using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>A row of a drawn case: the true class (−1 unknown, −2 missing), a whole number per class that its score is made of, and a whole
/// weight.</summary>
internal sealed record DrawnRow(int Truth, int[] Numbers, int Weight)
{
    public override string ToString() => $"{Truth}: [{string.Join(" ", Numbers)}] × {Weight}";
}

/// <summary>Drawn cases for properties that hold of all scored rows: few distinct scores, so that ties abound; any class may be absent.</summary>
internal static class DrawnRows
{
    public const int Classes = 4;

    public static string[] Labels { get; } = [.. Enumerable.Range(0, Classes).Select(c => $"class {c}")];

    /// <summary>Checks that <paramref name="holds"/> does not throw for 200 cases, the same ones in every run.</summary>
    public static void ForAll(Action<DrawnRow[]> holds)
    {
        var row = from truth in Gen.Frequency((20, Gen.Choose(0, Classes - 1)), (1, Gen.Choose(-2, -1)))
                  from numbers in Gen.ArrayOf(Gen.Frequency((4, Gen.Choose(0, 3)), (1, Gen.Choose(0, 1000))), Classes)
                  from weight in Gen.Choose(0, 3)
                  select new DrawnRow(truth, numbers, weight);
        var replay = new Replay(new Rnd(20260101, 1), FSharpOption<int>.None);
        var config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(FSharpOption<Replay>.Some(replay)).WithQuietOnSuccess(true);
        Check.One(config, Prop.ForAll(Gen.ArrayOf(row).ToArbitrary(), holds));
    }

    public static ScoredRows Plain(IEnumerable<DrawnRow> drawn) => Build(drawn.Select(row => (row, 1.0)));

    public static ScoredRows Weighted(IEnumerable<DrawnRow> drawn) => Build(drawn.Select(row => (row, (double)row.Weight)));

    /// <summary>A score is its number over the sum of its row, all equal where that is zero.</summary>
    private static ScoredRows Build(IEnumerable<(DrawnRow Row, double Weight)> drawn)
    {
        var builder = new ScoredRowsBuilder(Labels);
        foreach (var (row, weight) in drawn)
        {
            double sum = row.Numbers.Sum();
            builder.Add(
                row.Truth switch { -2 => null, -1 => "stranger", var c => Labels[c] },
                [.. row.Numbers.Select(number => sum == 0 ? 1.0 / Classes : number / sum)],
                weight: weight);
        }

        return builder.Build();
    }
}
