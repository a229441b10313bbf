using System.CommandLine;
using ModelMigrate.Output;
using ModelMigrate.Serving;

namespace ModelMigrate.Commands;

/// <summary><c>serve</c>: the gateway and its controller.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var urls = SharedOptions.Urls();
        var adminUrls = new Option<string?>("--admin-urls") { Description = "Where alone the admin API and metrics listen. Default: with the gateway.", HelpName = "URL" };
        return new Verb("serve", "Serve the gateway and run the migrations of a configuration.",
            "model-migrate serve --config model-migrate.yaml",
            "model-migrate serve --config model-migrate.yaml --urls http://0.0.0.0:8080 --admin-urls http://127.0.0.1:8081 --data /var/lib/model-migrate")
            { SharedOptions.Config, urls, adminUrls, SharedOptions.Data }
            .Runs(terminal, context => ServeAsync(context, new ServeOptions
            {
                ConfigFile = context.Parsed.GetValue(SharedOptions.Config)!.FullName,
                Urls = Split(context.Parsed.GetValue(urls)),
                AdminUrls = Split(context.Parsed.GetValue(adminUrls)),
                DataDirectory = context.Parsed.GetValue(SharedOptions.Data)!.FullName,
                LogTo = terminal.Error,
            }));
    }

    private static async Task<ExitCode> ServeAsync(CommandContext context, ServeOptions options)
    {
        var (server, fault) = await RunningServer.TryStartAsync(options, context.Terminal.Time, context.Cancellation);
        if (server is null)
        {
            return context.Fail((ExitCode)fault!.ExitCode, string.Join(Environment.NewLine, fault.Problems));
        }

        await using (server)
        {
            foreach (var line in server.Describe())
            {
                context.Say(line);
            }

            context.WriteJson(new { urls = server.GatewayUrls, admin_urls = server.AdminUrls, data = options.DataDirectory });
            await using var said = context.Cancellation.Register(() => context.Say("Draining: not ready any more; answers under way have 30 s. A second signal ends at once."));
            await server.RunAsync(context.Cancellation);
        }

        context.Say("Stopped; the last counts are committed.");
        return ExitCode.Ok;
    }

    private static string[] Split(string? urls) => urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
