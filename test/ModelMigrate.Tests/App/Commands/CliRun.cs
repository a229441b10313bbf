using ModelMigrate.Commands;
using ModelMigrate.Output;

namespace ModelMigrate.Tests.App.Commands;

/// <summary>One command line run inside the test's process.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public static async Task<CliRun> OfAsync(string line, Func<string, string?>? environment = null, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, live: false, environment ?? (_ => null), TimeProvider.System);
        var code = await CommandLine.RunAsync([.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line)], terminal, cancellation);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
