namespace MLPipelines.Evaluation;

/// <summary>A column of a table: its heading, and whether it holds numbers, which stand right-aligned.</summary>
internal readonly record struct TableColumn(string Heading, bool HoldsNumbers)
{
    /// <summary>A column of words.</summary>
    public static TableColumn Text(string heading) => new(heading, HoldsNumbers: false);

    /// <summary>A column of numbers.</summary>
    public static TableColumn Number(string heading) => new(heading, HoldsNumbers: true);
}

/// <summary>The tables of the report, all alike.</summary>
internal static class TableMarkup
{
    /// <summary>A table that scrolls within itself where it is wider than the page.</summary>
    public static Markup AddTable(this Markup html, string id, IEnumerable<TableColumn> columns, Action<Markup> rows)
    {
        html.Add($"""<div class="scroll"><table id="{id}"><thead><tr>""");
        html.AddEach(columns, (head, column) => head.Add($"""<th scope="col" class="{Kind(column)}">{column.Heading}</th>"""));
        html.Add($"""</tr></thead><tbody>""").Add($"\n");
        rows(html);
        return html.Add($"</tbody></table></div>\n");
    }

    /// <summary>A table that is folded away under its name, because a chart shows the same; open where there is no script.</summary>
    public static Markup AddFoldedTable(this Markup html, string id, string name, IEnumerable<TableColumn> columns, Action<Markup> rows)
    {
        html.Add($"""<details class="as-table"><summary>{name}</summary>""");
        return html.AddTable(id, columns, rows).Add($"</details>\n");
    }

    /// <summary>One row: the first cell heads it.</summary>
    public static Markup AddRow(this Markup html, IEnumerable<TableColumn> columns, params IReadOnlyList<string> cells)
    {
        html.Add($"""<tr><th scope="row">{cells[0]}</th>""");
        foreach (var (column, cell) in columns.Zip(cells).Skip(1)) html.Add($"""<td class="{Kind(column)}">{cell}</td>""");
        return html.Add($"</tr>\n");
    }

    private static string Kind(TableColumn column) => column.HoldsNumbers ? "n" : "";
}
