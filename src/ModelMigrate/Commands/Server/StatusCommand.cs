using System.CommandLine;
using System.Text.Json;
using ModelMigrate.Core.Api;
using ModelMigrate.Output;
using Spectre.Console;

namespace ModelMigrate.Commands.Server;

/// <summary><c>status</c>: the server as a whole, or one migration, once or until it ends.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Description = "One migration; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on until the migration ends (with an ID) or Ctrl+C." };
        return new Verb("status", "Show what is served, or where one migration stands. With an ID the exit code says: 0 completed, 1 rolled back or failed, 4 undecided.",
            "model-migrate status", "model-migrate status MIG-1 --watch") { SharedOptions.Server, id, watch }
            .Runs(terminal, context => context.CallAsync(client => (context.Parsed.GetValue(id), context.Parsed.GetValue(watch)) switch
            {
                ({ } one, false) => ShowAsync(context, client, one),
                ({ } one, true) => WatchAsync(context, client, one),
                (null, var go) => OverviewAsync(context, client, go),
            }));
    }

    private static async Task<ExitCode> OverviewAsync(CommandContext context, AdminClient client, bool watch)
    {
        while (true)
        {
            var (status, problem) = await client.StatusAsync(context.Cancellation);
            if (problem is not null)
            {
                return context.Fail(problem);
            }

            context.WriteJson(status);
            if (!context.Json)
            {
                Say(context, status!);
            }

            if (!watch)
            {
                return ExitCode.Ok;
            }

            await Task.Delay(Period, context.Terminal.Time, context.Cancellation);
        }
    }

    private static void Say(CommandContext context, StatusView status)
    {
        context.Say($"Serving revision {status.Revision} ({status.Cause}) since {status.PublishedAt:HH:mm:ss'Z'}; journal {(status.StoreHealthy ? "healthy" : "CANNOT BE WRITTEN")}, {status.StoreBytes / 1024} KiB.");
        if (status.ControlProblem is { } problem)
        {
            context.Say($"Warning: {problem}");
        }

        if (status.ConfigurationProblems.Count > 0)
        {
            context.Say("The configuration file cannot be taken over as it stands; the last good one serves. What is wrong:");
        }

        foreach (var line in status.ConfigurationProblems)
        {
            context.Say($"  {line}");
        }

        foreach (var line in status.Disagreements)
        {
            context.Say($"Warning: {line}");
        }

        context.Say(status.Migrations.Count > 0 ? MigrationTables.List(status.Migrations) : new Text("No migrations.\n"));
    }

    private static async Task<ExitCode> ShowAsync(CommandContext context, AdminClient client, string id)
    {
        var (migration, problem) = await client.MigrationAsync(id, context.Cancellation);
        if (problem is not null)
        {
            return context.Fail(problem);
        }

        context.WriteJson(migration);
        if (!context.Json)
        {
            context.Say(MigrationTables.Detail(migration!));
        }

        return ServerConnection.Outcome(migration!);
    }

    private static async Task<ExitCode> WatchAsync(CommandContext context, AdminClient client, string id)
    {
        if (!context.Terminal.Live || context.Json)
        {
            return await PollAsync(context, client, id, m => context.Terminal.Out.WriteLine(
                context.Json ? JsonSerializer.Serialize(m, Terminal.CompactJson) : MigrationTables.Line(m)));
        }

        var code = ExitCode.Ok;
        await context.Terminal.ConsoleOver(context.Terminal.Out).Live(new Text("")).StartAsync(async live =>
            code = await PollAsync(context, client, id, m => live.UpdateTarget(MigrationTables.Detail(m))));
        return code;
    }

    private static async Task<ExitCode> PollAsync(CommandContext context, AdminClient client, string id, Action<MigrationDetail> show)
    {
        while (true)
        {
            var (migration, problem) = await client.MigrationAsync(id, context.Cancellation);
            if (problem is not null)
            {
                return context.Fail(problem);
            }

            show(migration!);
            if (!migration!.Active && migration.Phase != "planned")
            {
                return ServerConnection.Outcome(migration);
            }

            await Task.Delay(Period, context.Terminal.Time, context.Cancellation);
        }
    }
}
