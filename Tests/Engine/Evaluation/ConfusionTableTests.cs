namespace MLPipelines.Tests.Engine.Evaluation;

/// <summary>The confusion table as text, against what genuine ML.NET prints. Case names as in <see cref="MulticlassEvaluateTests"/>.</summary>
[TestClass]
public sealed class ConfusionTableTests
{
    // The 4000 rows behind E23 are not recorded, their counts are: one-hot scores give the same matrix.
    private static readonly int[][] Counts =
    [
        [185, 14, 9, 18, 14, 13, 14, 20, 11, 15, 10, 14],
        [16, 183, 13, 10, 12, 16, 9, 17, 9, 17, 15, 7],
        [12, 14, 184, 10, 14, 12, 11, 21, 14, 8, 13, 18],
        [15, 16, 17, 154, 9, 15, 8, 15, 16, 11, 14, 14],
        [15, 7, 15, 14, 184, 13, 7, 15, 14, 12, 16, 17],
        [10, 8, 12, 13, 10, 198, 13, 13, 10, 13, 12, 19],
        [15, 13, 20, 13, 18, 14, 197, 13, 10, 13, 13, 9],
        [10, 10, 14, 12, 10, 13, 12, 178, 7, 18, 16, 19],
        [17, 11, 11, 18, 15, 27, 10, 9, 197, 17, 21, 8],
        [15, 18, 19, 13, 21, 19, 17, 13, 15, 187, 14, 8],
        [16, 8, 8, 13, 14, 11, 21, 11, 13, 16, 177, 12],
        [18, 15, 12, 11, 13, 14, 6, 14, 10, 9, 16, 199],
    ];

    private static readonly string[] Names = ["c0", "c1", "c2", "a-very-long-class-name", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11"];

    [TestMethod]
    public void E23_classes_with_a_long_name_are_headed_by_indices() => Assert.AreEqual(
        """

            Confusion table
                                       ||================================================================================================
            PREDICTED                  ||     0 |     1 |     2 |     3 |     4 |     5 |     6 |     7 |     8 |     9 |    10 |    11 | Recall
            TRUTH                      ||================================================================================================
             0.                     c0 ||   185 |    14 |     9 |    18 |    14 |    13 |    14 |    20 |    11 |    15 |    10 |    14 | 0.5490
             1.                     c1 ||    16 |   183 |    13 |    10 |    12 |    16 |     9 |    17 |     9 |    17 |    15 |     7 | 0.5648
             2.                     c2 ||    12 |    14 |   184 |    10 |    14 |    12 |    11 |    21 |    14 |     8 |    13 |    18 | 0.5559
             3. a-very-long-class-name ||    15 |    16 |    17 |   154 |     9 |    15 |     8 |    15 |    16 |    11 |    14 |    14 | 0.5066
             4.                     c4 ||    15 |     7 |    15 |    14 |   184 |    13 |     7 |    15 |    14 |    12 |    16 |    17 | 0.5593
             5.                     c5 ||    10 |     8 |    12 |    13 |    10 |   198 |    13 |    13 |    10 |    13 |    12 |    19 | 0.5982
             6.                     c6 ||    15 |    13 |    20 |    13 |    18 |    14 |   197 |    13 |    10 |    13 |    13 |     9 | 0.5661
             7.                     c7 ||    10 |    10 |    14 |    12 |    10 |    13 |    12 |   178 |     7 |    18 |    16 |    19 | 0.5580
             8.                     c8 ||    17 |    11 |    11 |    18 |    15 |    27 |    10 |     9 |   197 |    17 |    21 |     8 | 0.5457
             9.                     c9 ||    15 |    18 |    19 |    13 |    21 |    19 |    17 |    13 |    15 |   187 |    14 |     8 | 0.5209
            10.                    c10 ||    16 |     8 |     8 |    13 |    14 |    11 |    21 |    11 |    13 |    16 |   177 |    12 | 0.5531
            11.                    c11 ||    18 |    15 |    12 |    11 |    13 |    14 |     6 |    14 |    10 |     9 |    16 |   199 | 0.5905
                                       ||================================================================================================
            Precision                  ||0.5378 |0.5773 |0.5509 |0.5151 |0.5509 |0.5425 |0.6062 |0.5251 |0.6043 |0.5565 |0.5252 |0.5785 |

            """.ReplaceLineEndings(),
        Table(Counts, Names));

    [TestMethod]
    public void E23b_classes_without_names_are_called_by_indices() => Assert.AreEqual(
        """

            Confusion table
                      ||================================================================================================
            PREDICTED ||     0 |     1 |     2 |     3 |     4 |     5 |     6 |     7 |     8 |     9 |    10 |    11 | Recall
            TRUTH     ||================================================================================================
                    0 ||   185 |    14 |     9 |    18 |    14 |    13 |    14 |    20 |    11 |    15 |    10 |    14 | 0.5490
                    1 ||    16 |   183 |    13 |    10 |    12 |    16 |     9 |    17 |     9 |    17 |    15 |     7 | 0.5648
                    2 ||    12 |    14 |   184 |    10 |    14 |    12 |    11 |    21 |    14 |     8 |    13 |    18 | 0.5559
                    3 ||    15 |    16 |    17 |   154 |     9 |    15 |     8 |    15 |    16 |    11 |    14 |    14 | 0.5066
                    4 ||    15 |     7 |    15 |    14 |   184 |    13 |     7 |    15 |    14 |    12 |    16 |    17 | 0.5593
                    5 ||    10 |     8 |    12 |    13 |    10 |   198 |    13 |    13 |    10 |    13 |    12 |    19 | 0.5982
                    6 ||    15 |    13 |    20 |    13 |    18 |    14 |   197 |    13 |    10 |    13 |    13 |     9 | 0.5661
                    7 ||    10 |    10 |    14 |    12 |    10 |    13 |    12 |   178 |     7 |    18 |    16 |    19 | 0.5580
                    8 ||    17 |    11 |    11 |    18 |    15 |    27 |    10 |     9 |   197 |    17 |    21 |     8 | 0.5457
                    9 ||    15 |    18 |    19 |    13 |    21 |    19 |    17 |    13 |    15 |   187 |    14 |     8 | 0.5209
                   10 ||    16 |     8 |     8 |    13 |    14 |    11 |    21 |    11 |    13 |    16 |   177 |    12 | 0.5531
                   11 ||    18 |    15 |    12 |    11 |    13 |    14 |     6 |    14 |    10 |     9 |    16 |   199 | 0.5905
                      ||================================================================================================
            Precision ||0.5378 |0.5773 |0.5509 |0.5151 |0.5509 |0.5425 |0.6062 |0.5251 |0.6043 |0.5565 |0.5252 |0.5785 |

            """.ReplaceLineEndings(),
        Table(Counts, names: null));

    [TestMethod]
    public void E23_precision_recall_and_accuracies_follow_from_the_counts()
    {
        var metrics = ScoredRow.Evaluate(Counts.Length, Counts.Length, Rows(Counts));

        Assert.AreEqual(0.55575, metrics.MicroAccuracy);
        Assert.AreEqual(0.5556680937203815, metrics.MacroAccuracy, 1e-15);
        double[] precision = [0.5377906976744186, 0.5772870662460567, 0.5508982035928144, 0.5150501672240803, 0.5508982035928144, 0.5424657534246575,
            0.6061538461538462, 0.5250737463126843, 0.6042944785276073, 0.5565476190476191, 0.5252225519287834, 0.5784883720930233];
        double[] recall = [0.5489614243323442, 0.5648148148148148, 0.5558912386706949, 0.506578947368421, 0.5592705167173252, 0.5981873111782477,
            0.5660919540229885, 0.5579937304075235, 0.5457063711911357, 0.520891364902507, 0.553125, 0.5905044510385756];
        CollectionAssert.AreEqual(precision, metrics.ConfusionMatrix.PerClassPrecision.ToArray());
        CollectionAssert.AreEqual(recall, metrics.ConfusionMatrix.PerClassRecall.ToArray());
    }

    [TestMethod]
    public void E24_forty_classes_have_forty_columns()
    {
        int[][] counts = [.. Enumerable.Range(0, 40)
            .Select(actual => Enumerable.Range(0, 40).Select(predicted => actual == predicted ? 10 : 0).ToArray())];
        var lines = Table(counts, names: null).Split(Environment.NewLine);

        // An empty line, the title, three of head, forty, two of foot; and what follows the last line break.
        Assert.HasCount(48, lines);
        Assert.AreEqual($"          ||{new string('=', 320)}", lines[2]);
        StringAssert.StartsWith(lines[3], "PREDICTED ||     0 |     1 |     2 |");
        StringAssert.EndsWith(lines[3], "|    38 |    39 | Recall");
        StringAssert.StartsWith(lines[6], "        1 ||     0 |    10 |     0 |");
        StringAssert.EndsWith(lines[6], "|     0 |     0 | 1.0000");
        StringAssert.EndsWith(lines[46], "|1.0000 |1.0000 |");
    }

    [TestMethod]
    public void Names_that_fit_head_the_columns() => Assert.AreEqual(
        """

        Confusion table
                  ||========================
        PREDICTED ||   cat |   dog | horse | Recall
        TRUTH     ||========================
              cat ||     1 |     0 |     0 | 1.0000
              dog ||     1 |     0 |     0 | 0.0000
            horse ||     0 |     0 |     2 | 1.0000
                  ||========================
        Precision ||0.5000 |0.0000 |1.0000 |

        """.ReplaceLineEndings(),
        Table([[1, 0, 0], [1, 0, 0], [0, 0, 2]], ["cat", "dog", "horse"]));

    private static string Table(int[][] counts, string[]? names) =>
        ScoredRow.Evaluate(counts.Length, counts.Length, Rows(counts), names: names).ConfusionMatrix.GetFormattedConfusionTable();

    private static IEnumerable<(uint, float[])> Rows(int[][] counts)
    {
        for (var actual = 0; actual < counts.Length; actual++)
        {
            for (var predicted = 0; predicted < counts.Length; predicted++)
            {
                var scores = new float[counts.Length];
                scores[predicted] = 1;
                for (var row = 0; row < counts[actual][predicted]; row++)
                    yield return ((uint)actual + 1, scores);
            }
        }
    }
}
