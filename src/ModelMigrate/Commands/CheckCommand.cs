using System.CommandLine;
using System.CommandLine.Parsing;
using ModelMigrate.Core.Configuration.Checking;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Commands;

/// <summary><c>check</c>: everything that is wrong with a configuration, what it means, and what its migrations will need.</summary>
internal static class CheckCommand
{
    private const double UsualErrorRate = 0.005;

    public static Command Create(Terminal terminal)
    {
        var rate = new Option<double?>("--rate") { Description = "Requests a second on each migrating route; gives times as well as counts.", HelpName = "N" };
        rate.Validators.Add(result => Require(result, value => value is > 0 and <= 1e6, "--rate is a number of requests a second above 0, for example 5."));
        var errors = new Option<double?>("--error-rate") { Description = "Share of requests that fail today, 0 to 0.5. Default: 0.005.", HelpName = "SHARE" };
        errors.Validators.Add(result => Require(result, value => value is >= 0 and <= 0.5, "--error-rate is a share from 0 to 0.5, for example 0.005."));
        return new Verb("check", "Report everything that is wrong with a configuration, and what its migrations will need.",
            "model-migrate check --config model-migrate.yaml", "model-migrate check --config model-migrate.yaml --rate 5") { SharedOptions.Config, rate, errors }
            .Runs(terminal, async context =>
            {
                var file = context.Parsed.GetValue(SharedOptions.Config)!;
                byte[] bytes;
                try
                {
                    bytes = await File.ReadAllBytesAsync(file.FullName, context.Cancellation);
                }
                catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
                {
                    return context.Fail(ExitCode.Usage, ConfigurationFile.Unreadable(file, unreadable));
                }

                var report = CheckReport.Of(
                    file.Name,
                    ConfigReader.Read(bytes, file.Name, context.Terminal.Environment),
                    context.Parsed.GetValue(rate),
                    context.Parsed.GetValue(errors) ?? UsualErrorRate);
                if (context.Json)
                {
                    await context.Terminal.Out.WriteLineAsync(report.ToJson());
                }

                // Errors are said on the error stream, also beside the JSON.
                await (report.Valid ? context.People : context.Terminal.Error).WriteAsync(report.ToText());
                return report.Valid ? ExitCode.Ok : ExitCode.Usage;
            });
    }

    private static void Require(OptionResult result, Predicate<double?> holds, string message)
    {
        if (!result.Errors.Any() && !holds(result.GetValueOrDefault<double?>()))
        {
            result.AddError(message);
        }
    }
}
