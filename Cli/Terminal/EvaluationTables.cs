using System.Globalization;
using MLPipelines.Evaluation;
using MLPipelines.Learning;
using Spectre.Console;
using MetricDirection = MLPipelines.Evaluation.MetricDirection;

namespace MLPipelines.Cli.Terminal;

/// <summary>An evaluation for a person at a terminal: the headline, the classes, what is confused with what.</summary>
internal static class EvaluationTables
{
    private const int MostClasses = 30, MostPairs = 5, Decimals = 4;

    /// <summary>Draws the tables; with many classes only the worst are listed, and it says so.</summary>
    public static void Write(IAnsiConsole console, ClassificationEvaluation evaluation)
    {
        var rows = evaluation.Rows;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Read:N0} rows read: {rows.Used:N0} used{Left(rows.UnknownLabel, "unknown label")}{Left(rows.MissingLabel, "no label")}{Left(rows.InvalidScores, "invalid scores")}."));
        foreach (var warning in evaluation.Warnings)
            console.MarkupLineInterpolated($"[yellow]warning:[/] {warning}");
        console.WriteLine();
        console.Write(Headline(evaluation));
        console.WriteLine();
        console.Write(Classes(evaluation));
        if (evaluation.MostConfused.Count > 0)
        {
            console.WriteLine();
            console.Write(Confused(evaluation));
        }
    }

    private static Table Headline(ClassificationEvaluation evaluation)
    {
        var table = NewTable("Metric", "Value");
        foreach (var (metric, value) in evaluation.Metrics)
        {
            var interval = metric == LabelMetrics.Accuracy
                ? string.Create(CultureInfo.InvariantCulture, $"  ({evaluation.AccuracyInterval.Level:0%} interval {Score(evaluation.AccuracyInterval.Lower)} to {Number(ShownDigits.Up(evaluation.AccuracyInterval.Upper, Decimals))})")
                : "";
            table.AddRow(new Text(metric.Name), new Text((metric.Direction == MetricDirection.HigherIsBetter ? Score(value) : Number(value)) + interval));
        }

        return table;
    }

    private static Table Classes(ClassificationEvaluation evaluation)
    {
        var all = evaluation.PerClass;
        var listed = all.Count <= MostClasses ? all : [.. all.Where(each => each.Support > 0).OrderBy(each => double.IsNaN(each.F1) ? -1 : each.F1).Take(MostClasses)];
        var table = NewTable("Class", "Precision", "Recall", "F1", "Support", "ROC AUC");
        foreach (var each in listed)
        {
            table.AddRow(
                new Text(each.Label), Cell(Score(each.Precision)), Cell(Score(each.Recall)), Cell(Score(each.F1)),
                Cell(each.Support.ToString("0.###", CultureInfo.InvariantCulture)), Cell(Score(each.RocAuc)));
        }

        return listed.Count == all.Count ? table : table.Caption($"the {listed.Count} worst of {all.Count} classes by F1; the report lists all");
    }

    private static Table Confused(ClassificationEvaluation evaluation)
    {
        var table = NewTable("Truth", "Taken for", "Rows", "Of the class");
        foreach (var pair in evaluation.MostConfused.Take(MostPairs))
        {
            table.AddRow(
                new Text(pair.ActualLabel), new Text(pair.PredictedLabel), Cell(pair.Count.ToString("0.###", CultureInfo.InvariantCulture)),
                Cell(ShownDigits.Down(pair.ShareOfActual, 3).ToString("0.0 %", CultureInfo.InvariantCulture)));
        }

        return table;
    }

    /// <summary>A score of which more is better, rounded down to four digits behind the point; undefined is “n/a”.</summary>
    private static string Score(double value) => Number(ShownDigits.Down(value, Decimals));

    /// <summary>A number with four digits behind the point; undefined is “n/a”.</summary>
    private static string Number(double value) => double.IsNaN(value) ? "n/a" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (index, name) in columns.Index())
            table.AddColumn(new TableColumn(name) { Alignment = index == 0 || name is "Value" or "Taken for" ? Justify.Left : Justify.Right, NoWrap = index > 0 });
        return table;
    }

    private static Text Cell(string text) => new(text) { Justification = Justify.Right };

    private static string Left(long count, string why) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count:N0} left out: {why}");
}
