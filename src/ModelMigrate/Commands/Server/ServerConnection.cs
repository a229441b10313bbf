using System.Net.Http.Headers;
using ModelMigrate.Core.Api;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Server;

/// <summary>Talks to a running server for one command, and turns what goes wrong into a sentence and an exit code.</summary>
internal static class ServerConnection
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    /// <summary>Runs a command's calls. The server is <c>--server</c>, else <c>MODEL_MIGRATE_SERVER</c>, else the default.</summary>
    public static async Task<ExitCode> CallAsync(this CommandContext context, Func<AdminClient, Task<ExitCode>> run)
    {
        var named = context.Parsed.GetValue(SharedOptions.Server) ?? context.Terminal.Environment("MODEL_MIGRATE_SERVER") ?? DefaultServer;
        if (!Uri.TryCreate(named.TrimEnd('/') + "/", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            return context.Fail(ExitCode.Usage, $"'{named}' is not a server's address. Write for example {DefaultServer}.");
        }

        using var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };
        if (context.Terminal.Environment("MODEL_MIGRATE_ADMIN_TOKEN") is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            return await run(new AdminClient(http));
        }
        catch (HttpRequestException unreachable)
        {
            return context.Fail(ExitCode.Infrastructure,
                $"No server answers at {named} ({unreachable.HttpRequestError}). Start one with 'model-migrate serve --config model-migrate.yaml', or name another with --server or MODEL_MIGRATE_SERVER.");
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested)
        {
            return context.Fail(ExitCode.Infrastructure, $"The server at {named} did not answer within {http.Timeout.TotalSeconds:0} s.");
        }
        catch (System.Text.Json.JsonException)
        {
            return context.Fail(ExitCode.Infrastructure, $"What answers at {named} is not a ModelMigrate server of this version. Name the right one with --server.");
        }
    }

    /// <summary>Says what the server refused. A state that forbids the verb is an outcome; the rest is usage or infrastructure.</summary>
    public static ExitCode Fail(this CommandContext context, ProblemView problem)
    {
        var lines = problem.Errors is { Count: > 1 } errors ? errors : [problem.Detail ?? problem.Title];
        context.WriteJson(problem);
        foreach (var line in lines)
        {
            context.Terminal.Error.WriteLine(line);
        }

        return problem.Status switch
        {
            409 => ExitCode.Negative,
            >= 500 => ExitCode.Infrastructure,
            _ => ExitCode.Usage,
        };
    }

    /// <summary>What a migration's state means to a script: 0 completed, 1 rolled back or failed, 4 not decided yet.</summary>
    public static ExitCode Outcome(MigrationSummary migration) => migration.Phase switch
    {
        "completed" => ExitCode.Ok,
        "rolled_back" or "rolling_back" or "failed" => ExitCode.Negative,
        _ => ExitCode.Undecided,
    };
}
