using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using MLPipelines.Cli.Terminal;
using MLPipelines.Evaluation;
using MLPipelines.Images;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;
using Microsoft.ML.OnnxRuntime.Tensors;
using Spectre.Console;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp doctor</c>: is everything there that the other commands need? Each check runs the thing, it does not just look for a file.</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Name, bool Ok, string Detail);

    public static Command Create(Screen screen)
    {
        var command = new Command("doctor", "Check the native libraries, the engine and the machine.");
        command.Does((_, _) => Run(screen));
        return command;
    }

    private static int Run(Screen screen)
    {
        Finding[] findings =
        [
            new(".NET", true, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors, {Vectors()}"),
            new("ML.NET", true, EngineRecord.Current().MLNet),
            Check("ONNX Runtime", () => $"{OnnxRuntimeLibrary.Version}; ran a model", RunAModel),
            Check(ImageLibrary.Name, () => $"{ImageLibrary.Version} (Skia {ImageLibrary.NativeVersion}); wrote and read PNG, JPEG and WebP", WriteAndReadImages),
            Check("plotly.js", () => "embedded in MLPipelines.Evaluation", () => new EvaluationReport(ClassificationEvaluation.Of(ScoredRows.Of(["a", "b"], ["a"], [[1, 0]]))).Write(TextWriter.Null)),
            Check("temporary files", Path.GetTempPath, () => File.Delete(Path.GetTempFileName())),
        ];

        var ok = findings.All(finding => finding.Ok);
        screen.Result(
            new { schemaVersion = 1, ok, checks = findings.Select(finding => new { name = finding.Name, ok = finding.Ok, detail = finding.Detail }) },
            console =>
            {
                var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "");
                foreach (var finding in findings)
                    table.AddRow(new Spectre.Console.Markup(finding.Ok ? "[green]ok[/]" : "[red]FAILS[/]"), new Text(finding.Name), new Text(finding.Detail));
                console.Write(table);
            });
        return ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static Finding Check(string name, Func<string> describe, Action run)
    {
        try
        {
            run();
            return new(name, true, describe());
        }
        catch (Exception failure)
        {
            return new(name, false, failure.Message);
        }
    }

    private static void RunAModel()
    {
        var graph = new OnnxGraphBuilder("doctor");
        graph.Input("x", TensorElementType.Float, "N", 2).Node("Softmax", ["x"], ["y"], new() { ["axis"] = 1L }).Output("y", TensorElementType.Float, "N", 2);
        using var session = OnnxSession.Open(graph.ToBytes());
        var answer = session.Run([new("x", OnnxTensor.Of(Enumerable.Repeat(1f, 2).ToArray(), 1, 2))], ["y"])[0].Values<float>();
        if (answer is not [0.5f, 0.5f])
            throw new InvalidOperationException($"A softmax of two equal numbers gave {string.Join(", ", answer.ToArray())}; expected 0.5 twice.");
    }

    private static void WriteAndReadImages()
    {
        var image = new RasterImage(8, 4, 3, [.. Enumerable.Repeat((byte)128, 8 * 4 * 3)]);
        foreach (var format in Enum.GetValues<ImageFileFormat>())
        {
            var read = ImageCodec.Decode(ImageCodec.Encode(image, format));
            if (Math.Abs(read.Pixels[0] - 128) > 4)
                throw new InvalidOperationException($"A grey image written as {format} reads as {read.Pixels[0]}; expected 128.");
        }
    }

    private static string Vectors() => Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "portable vectors";
}
