using System.CommandLine;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Output;
using ModelMigrate.Providers.Http;
using Spectre.Console;

namespace ModelMigrate.Commands.Models;

/// <summary><c>models check</c>: what each adapter was held against, which bundled figures are old, and whether the providers serve.</summary>
internal static class ModelsCommand
{
    private const int UsualDays = 90;

    public static Command Create(Terminal terminal) => new Verb(
        "models", "The bundled catalog of providers and models.", "model-migrate models check", "model-migrate models check --config model-migrate.yaml --live")
    {
        CreateCheck(terminal),
    };

    private static Verb CreateCheck(Terminal terminal)
    {
        var days = new Option<int>("--older-than")
        {
            Description = "Days after which a bundled figure is stale. Default: 90.", HelpName = "DAYS", DefaultValueFactory = _ => UsualDays,
        };
        days.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 0 or > 100_000)
            {
                result.AddError("--older-than is a number of days from 0, for example 90.");
            }
        });
        var live = new Option<bool>("--live") { Description = "Ask the configured providers whether they serve, and what they say of their models. Uses no model." };
        return new Verb(
            "check", "What each adapter was held against, which bundled prices and abilities are stale, and whether the providers serve.",
            "model-migrate models check", "model-migrate models check --older-than 30 --json", "model-migrate models check --config model-migrate.yaml --live")
            { SharedOptions.Config, days, live }
            .Runs(terminal, async context =>
            {
                var isLive = context.Parsed.GetValue(live);
                var config = ConfigurationOf(context, isLive, out var code);
                if (code != ExitCode.Ok)
                {
                    return code;
                }

                var today = DateOnly.FromDateTime(context.Terminal.Time.GetUtcNow().UtcDateTime);
                var check = ModelsCheck.Of(config, today, context.Parsed.GetValue(days));
                if (isLive)
                {
                    using var connections = new ProviderConnections(context.Terminal.Time);
                    check = check with { Live = await LiveCheck.AskAsync(config!, connections, context.Terminal.Time, context.Cancellation) };
                }

                context.WriteJson(check);
                Say(context, check);
                return check.Live.Any(asked => asked.Problem is not null) ? ExitCode.Negative : ExitCode.Ok;
            });
    }

    /// <summary>The configuration; without one, what ships with the program is checked alone.</summary>
    private static ModelMigrateConfig? ConfigurationOf(CommandContext context, bool isNeeded, out ExitCode code)
    {
        code = ExitCode.Ok;
        var file = context.Parsed.GetValue(SharedOptions.Config)!;
        if (!file.Exists && !isNeeded && context.Parsed.GetResult(SharedOptions.Config) is not { Implicit: false })
        {
            return null;
        }

        var (config, _, read) = ConfigurationFile.Read(context, file);
        code = config is null ? read : ExitCode.Ok;
        return config;
    }

    private static void Say(CommandContext context, ModelsCheck check)
    {
        var adapters = new Table().Border(TableBorder.Simple).AddColumns("adapter", "protocol", "held against");
        foreach (var adapter in check.Adapters)
        {
            adapters.AddRow(
                new Text(adapter.Name), new Text(adapter.Protocol),
                new Text(adapter.OnlyOwnStub ? "only a stub of our own" : string.Join("; ", adapter.VerifiedAgainst.Where(v => v.By != VerifiedBy.OwnStub).Select(v => v.What))));
        }

        context.Say(adapters);
        var models = new Table().Border(TableBorder.Simple).AddColumns("model", "provider", "looked up", "state", "replaced in the file");
        foreach (var model in check.Models)
        {
            models.AddRow(
                new Text(model.Name), new Text(model.Provider), new Text($"{model.AsOf:yyyy-MM-dd}"),
                new Text(model.Stale ? $"stale, {model.AgeDays} days" : "fresh"), new Text(string.Join(", ", model.Replaced)));
        }

        context.Say(models);
        foreach (var asked in check.Live)
        {
            context.Say($"{asked.Provider} {asked.Model}: {asked.Problem ?? "serves"}{(asked.Differs.Count == 0 ? "" : "; the provider says otherwise: " + string.Join(", ", asked.Differs))}");
        }

        var (stubs, stale) = (check.Adapters.Count(adapter => adapter.OnlyOwnStub), check.Models.Count(model => model.Stale));
        context.Say($"{stubs} of {check.Adapters.Count} adapters are held against a stub of our own only; {stale} of {check.Models.Count} entries are older than {check.OlderThanDays} days.");
        if (stale > 0)
        {
            context.Say("Look the stale ones up at their source and write what you find into the model's entry: inputCostPer1k, outputCostPer1k, contextLength, capabilities.");
        }
    }
}
