using System.CommandLine;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Server;

/// <summary><c>report</c> and <c>runbook</c>: documents made from live values.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = SharedOptions.MigrationId();
        var format = new Option<string>("--format", "-f") { Description = "md or json.", DefaultValueFactory = _ => "md" };
        format.AcceptOnlyFromAmong("md", "json");
        return new Verb("report", "Write a migration's report from live values.", "model-migrate report --migration-id MIG-1 > report.md",
            "model-migrate report --migration-id MIG-1 --format json | jq .outcome") { SharedOptions.Server, id, format }
            .Runs(terminal, context => WriteAsync(context, client => client.ReportAsync(
                context.Parsed.GetValue(id)!, context.Json ? "json" : context.Parsed.GetValue(format)!, context.Cancellation)));
    }

    public static Command CreateRunbook(Terminal terminal)
    {
        var id = SharedOptions.MigrationId();
        return new Verb("runbook", "Write a migration's runbook; its commands work as printed.", "model-migrate runbook --migration-id MIG-1") { SharedOptions.Server, id }
            .Runs(terminal, context => WriteAsync(context, client => client.RunbookAsync(context.Parsed.GetValue(id)!, context.Cancellation)));
    }

    private static Task<ExitCode> WriteAsync(CommandContext context, Func<Core.Api.AdminClient, Task<(string? Value, Core.Api.ProblemView? Problem)>> read) =>
        context.CallAsync(async client =>
        {
            var (text, problem) = await read(client);
            if (problem is not null)
            {
                return context.Fail(problem);
            }

            await context.Terminal.Out.WriteLineAsync(text);
            return ExitCode.Ok;
        });
}
