using System.CommandLine;
using System.Globalization;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Output;
using Spectre.Console;

namespace ModelMigrate.Commands.Keys;

/// <summary><c>keys</c>: makes client keys and lists those of a configuration. The file holds hashes, so that taking a key back is taking its entry out.</summary>
internal static class KeysCommand
{
    public static Command Create(Terminal terminal) => new Command("keys", "Make client keys, and list those that a configuration knows.")
    {
        CreateNew(terminal),
        CreateList(terminal),
    };

    private static Verb CreateNew(Terminal terminal)
    {
        var name = new Option<string>("--name", "-n") { Description = "The client that the key is for.", HelpName = "NAME", DefaultValueFactory = _ => "app" };
        return new Verb("new", "Make a key. It is printed once and kept nowhere; the configuration holds its hash.",
            "model-migrate keys new --name shop", "model-migrate keys new --name shop --json") { name }
            .Runs(terminal, context =>
            {
                var made = NewKey.Make(context.Parsed.GetValue(name)!);
                context.WriteJson(made);
                if (context.Json)
                {
                    return Task.FromResult(ExitCode.Ok);
                }

                context.Say($"Key, shown this once: {made.Key}");
                context.Say("Add under clientKeys:");
                context.Say($"  - {{ name: {made.Quoted}, sha256: {made.Sha256} }}");
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static Verb CreateList(Terminal terminal) =>
        new Verb("list", "List the clients of a configuration and what they may do. To take a key back, write 'disabled: true' or remove its entry.",
            "model-migrate keys list --config model-migrate.yaml") { SharedOptions.Config }
            .Runs(terminal, context =>
            {
                var (config, _, code) = ConfigurationFile.Read(context, context.Parsed.GetValue(SharedOptions.Config)!);
                if (config is null)
                {
                    return Task.FromResult(code);
                }

                context.WriteJson(config.ClientKeys.Select(KeyView.Of).ToArray());
                if (config.ClientKeys.Count == 0)
                {
                    context.Say(config.AllowAnonymousClients ? "No client keys: anybody may call." : "No client keys: anybody on this machine may call.");
                }
                else
                {
                    context.Say(TableOf(config.ClientKeys));
                }

                return Task.FromResult(ExitCode.Ok);
            });

    private static Table TableOf(IReadOnlyList<ClientKeyConfig> keys)
    {
        var table = new Table().RoundedBorder().AddColumns("client", "tenant", "routes", "limits", "budgets", "key");
        foreach (var key in keys)
        {
            var view = KeyView.Of(key);
            table.AddRow(
                Markup.Escape(view.Name), Markup.Escape(view.Tenant), Markup.Escape(view.Routes is null ? "all" : string.Join(", ", view.Routes)),
                string.Join(", ", Limits(key.Limits)), string.Join(", ", key.Budgets.Select(Words)), view.Disabled ? "disabled" : $"{view.Sha256[..8]}…");
        }

        return table;
    }

    private static IEnumerable<string> Limits(ClientLimits limits)
    {
        if (limits.RequestsPerMinute is { } requests)
        {
            yield return $"{requests} requests/min";
        }

        if (limits.TokensPerMinute is { } tokens)
        {
            yield return $"{tokens} tokens/min";
        }

        if (limits.MaxConcurrent is { } most)
        {
            yield return $"{most} at once";
        }
    }

    private static string Words(Budget budget) => string.Create(
        CultureInfo.InvariantCulture, $"{(budget.Unit == BudgetUnit.Cost ? "$" : "")}{budget.Limit:0.######}{(budget.Unit == BudgetUnit.Tokens ? " tokens" : "")} a {(budget.Per == BudgetPeriod.Day ? "day" : "month")}");
}
