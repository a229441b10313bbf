using System.CommandLine;
using ModelMigrate.Output;

namespace ModelMigrate.Commands;

/// <summary><c>check</c>: everything that is wrong with a configuration, and what its migrations will need.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal) =>
        new Verb("check", "Report everything that is wrong with a configuration.",
            "model-migrate check --config model-migrate.yaml") { SharedOptions.Config }
            .Runs(terminal, context =>
            {
                var file = context.Parsed.GetValue(SharedOptions.Config)!;
                var (config, problems, code) = ConfigurationFile.Read(context, file);
                context.WriteJson(new { file = file.Name, valid = config is not null, problems });
                if (config is not null)
                {
                    context.Say($"{file.Name} is valid: {config.Providers.Count} providers, {config.Models.Count} models, {config.Routes.Count} routes, {config.Migrations.Count} migrations.");
                }

                return Task.FromResult(code);
            });
}
