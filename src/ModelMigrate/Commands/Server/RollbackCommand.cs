using System.CommandLine;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Server;

/// <summary><c>rollback</c>: the one command of an emergency.</summary>
internal static class RollbackCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = SharedOptions.MigrationId();
        var reason = SharedOptions.Reason();
        return new Verb("rollback", "Move all traffic of a migration back to its source now.",
            "model-migrate rollback --migration-id MIG-1 --reason \"wrong answers in French\"") { SharedOptions.Server, id, reason }
            .Runs(terminal, context => context.CallAsync(async client =>
            {
                var (migration, problem) = await client.RollbackAsync(
                    context.Parsed.GetValue(id)!, context.Parsed.GetValue(reason), context.Operator, context.Cancellation);
                if (problem is not null)
                {
                    return context.Fail(problem);
                }

                context.WriteJson(migration);
                context.Say($"{migration!.Id}: {migration.Phase}, {MigrationTables.Percent(migration.Weight)} on {migration.Target}. {migration.Reason}");
                return migration.Phase == "failed" ? ExitCode.Negative : ExitCode.Ok;
            }));
    }
}
