using MLPipelines.Cli;
using MLPipelines.Cli.Terminal;

return await CommandLine.RunAsync(args, new Screen(Console.Out, Console.Error, Screen.IsTerminal));
