using System.CommandLine;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Server;

/// <summary><c>migrations</c>: lists, shows and moves migrations.</summary>
internal static class MigrationsCommand
{
    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("start", "Begin with the first step."),
        ("pause", "Stop moving; the weight stays."),
        ("resume", "Go on after a pause or a freeze."),
        ("approve", "Let it leave a step that waits for approval."),
        ("reject", "Refuse approval: roll back."),
        ("promote", "Move all traffic to the target now, by your own decision."),
        ("rollback", "Move all traffic back to the source now."),
        ("retry", "Begin anew after a rollback or failure, with the file's present specification."),
        ("finalize", "Print the change that makes the configuration file say what is true."),
    ];

    public static Command Create(Terminal terminal)
    {
        var list = new Verb("list", "List all migrations.", "model-migrate migrations list").Runs(terminal, context => context.CallAsync(async client =>
        {
            var (migrations, problem) = await client.MigrationsAsync(context.Cancellation);
            if (problem is not null)
            {
                return context.Fail(problem);
            }

            context.WriteJson(migrations);
            if (!context.Json)
            {
                context.Say(migrations!.Count > 0 ? MigrationTables.List(migrations) : new Spectre.Console.Text("No migrations. Declare one under 'migrations:' in the configuration.\n"));
            }

            return ExitCode.Ok;
        }));
        var command = new Verb("migrations", "List, show and move migrations.", "model-migrate migrations list", "model-migrate migrations pause MIG-1 --reason \"supplier on the phone\"")
        {
            SharedOptions.Server, list, Show(terminal), Export(terminal),
        };
        foreach (var (verb, description) in Verbs)
        {
            command.Add(Act(terminal, verb, description));
        }

        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = "The migration, for example MIG-1." };

    private static Verb Show(Terminal terminal)
    {
        var id = Id();
        return new Verb("show", "Show one migration: both arms, the gates, the newest events.", "model-migrate migrations show MIG-1") { id }
            .Runs(terminal, context => context.CallAsync(async client =>
            {
                var (migration, problem) = await client.MigrationAsync(context.Parsed.GetValue(id)!, context.Cancellation);
                if (problem is not null)
                {
                    return context.Fail(problem);
                }

                context.WriteJson(migration);
                if (!context.Json)
                {
                    context.Say(MigrationTables.Detail(migration!));
                    context.Say(MigrationTables.Events(migration!.Events));
                }

                return ExitCode.Ok;
            }));
    }

    private static Verb Export(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Description = "The migration, for example MIG-1.", Arity = ArgumentArity.ZeroOrOne };
        var named = new Option<string?>("--id", "-m", "--migration-id") { Description = "The same as ID.", HelpName = "ID" };
        return new Verb("export", "Write specification, journal, evidence blocks and ticks as JSON lines: a decision can be replayed from them.",
            "model-migrate migrations export --id MIG-1 > MIG-1.jsonl", "model-migrate judge --observations MIG-1.jsonl") { id, named }
            .Runs(terminal, context => context.CallAsync(async client =>
            {
                if ((context.Parsed.GetValue(named) ?? context.Parsed.GetValue(id)) is not { Length: > 0 } migration)
                {
                    return context.Fail(ExitCode.Usage, "Name the migration, for example: model-migrate migrations export --id MIG-1");
                }

                var (export, problem) = await client.ExportAsync(migration, context.Cancellation);
                if (problem is not null)
                {
                    return context.Fail(problem);
                }

                using var reader = new StreamReader(export!);
                var any = false;
                while (await reader.ReadLineAsync(context.Cancellation) is { } line)
                {
                    any = true;
                    await context.Terminal.Out.WriteLineAsync(line.AsMemory(), context.Cancellation);
                }

                if (!any)
                {
                    await context.Terminal.Error.WriteLineAsync("The journal holds nothing of it: it is not started.");
                }

                return ExitCode.Ok;
            }));
    }

    private static Verb Act(Terminal terminal, string verb, string description)
    {
        var id = Id();
        var reason = SharedOptions.Reason();
        return new Verb(verb, description, $"model-migrate migrations {verb} MIG-1") { id, reason }
            .Runs(terminal, context => context.CallAsync(async client =>
            {
                var (migration, problem) = await client.ActAsync(
                    context.Parsed.GetValue(id)!, verb, context.Parsed.GetValue(reason), context.Operator, context.Cancellation);
                if (problem is not null)
                {
                    return context.Fail(problem);
                }

                context.WriteJson(migration);
                if (migration!.Diff is { } diff && !context.Json)
                {
                    // To the letter, so that it can be piped into patch.
                    await context.Terminal.Out.WriteAsync(diff);
                    await context.Terminal.Error.WriteLineAsync(diff.Length == 0
                        ? "The file says what is true; nothing needs to change."
                        : "Apply it where the configuration file is: model-migrate migrations finalize " + migration.Id + " | patch -p0");
                }
                else
                {
                    context.Say($"{migration.Id}: {migration.Phase}, {MigrationTables.Percent(migration.Weight)} on {migration.Target}. {migration.Reason}");
                }

                return ExitCode.Ok;
            }));
    }
}
