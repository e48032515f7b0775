using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace MLPipelines.Cli.Terminal;

/// <summary>The two streams of a command: results on the one, progress and messages on the other.</summary>
/// <remarks>A result is either read by a person (tables) or, with <c>--json</c>, by a program: one JSON document, never both.</remarks>
internal sealed class Screen(TextWriter output, TextWriter error, bool interactive)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Whether standard error is a terminal that a progress bar may be drawn on.</summary>
    public static bool IsTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "");

    /// <summary>Results for a person.</summary>
    public IAnsiConsole Out { get; } = Ansi(output, redirected: Console.IsOutputRedirected || output != Console.Out);

    /// <summary>Progress, warnings and errors.</summary>
    public IAnsiConsole Error { get; } = Ansi(error, redirected: !interactive);

    /// <summary>Whether the result is wanted as JSON.</summary>
    public bool WantsJson { get; set; }

    /// <summary>Whether progress and notes are unwanted.</summary>
    public bool Quiet { get; set; }

    /// <summary>Whether progress may be drawn as a moving bar.</summary>
    public bool Interactive => interactive && !Quiet;

    /// <summary>Writes the result of a command: <paramref name="json"/> as one document, or what <paramref name="forPeople"/> draws.</summary>
    public void Result(object json, Action<IAnsiConsole> forPeople)
    {
        if (WantsJson)
            output.WriteLine(JsonSerializer.Serialize(json, Json));
        else
            forPeople(Out);
    }

    /// <summary>What is said when the work is cancelled.</summary>
    public string WhenCancelled { get; set; } = "Cancelled; nothing was written.";

    /// <summary>Writes a result that is JSON text already.</summary>
    public void JsonText(string json) => output.WriteLine(json);

    /// <summary>A note to the person at the terminal; silent with <c>--quiet</c>.</summary>
    public void Note(string text)
    {
        if (!Quiet)
            Error.WriteLine(text);
    }

    /// <summary>Something that is not as it should be, though the command goes on.</summary>
    public void Warning(string text) => Error.MarkupLineInterpolated($"[yellow]warning:[/] {OneLine(text)}");

    /// <summary>Why the command ends here, in one line.</summary>
    public void Failure(string text) => Error.MarkupLineInterpolated($"[red]error:[/] {OneLine(text)}");

    /// <summary>Libraries write their errors over several lines; whoever greps for ours wants one.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static IAnsiConsole Ansi(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        // Text that goes to a file or a pipe is not wrapped: a line is a line, however long its path.
        if (redirected)
            console.Profile.Width = 10_000;
        return console;
    }
}
