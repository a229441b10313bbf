using System.Globalization;
using System.Text;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Reports;

/// <summary>Writes a migration's runbook with live values. Every command works as printed.</summary>
internal static class Runbook
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    /// <param name="detail">Where the migration stands.</param>
    /// <param name="server">The admin API's address as its caller reached it.</param>
    /// <param name="needsToken">Whether admin calls need the token.</param>
    /// <param name="now">When it is written.</param>
    public static string Write(MigrationDetail detail, string server, bool needsToken, DateTimeOffset now)
    {
        server = IsPlain(server) ? server.TrimEnd('/') : DefaultServer;
        var option = string.Equals(server, DefaultServer, StringComparison.Ordinal) ? "" : $" --server {server}";
        var header = needsToken ? " -H \"Authorization: Bearer $MODEL_MIGRATE_ADMIN_TOKEN\"" : "";
        var id = detail.Id;
        var text = new StringBuilder();
        Line(text, $"# Runbook: {id}\n");
        Line(text, $"Route `{detail.Route}` from `{detail.Source}` to `{detail.Target}`. Written {now.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: **{detail.Phase}**, step {detail.Step} of {detail.Steps}, target at {detail.Weight * 100:0.##}%.");
        Line(text, $"{detail.Reason.ReplaceLineEndings(" ").Replace("<", "&lt;", StringComparison.Ordinal)}\n");
        if (needsToken)
        {
            Line(text, $"Before anything else, in this shell: `export MODEL_MIGRATE_ADMIN_TOKEN` with the admin token.\n");
        }

        if (detail.Verbs.Contains("rollback", StringComparer.Ordinal))
        {
            Section(text, "Roll back now", "In effect in under a second: new requests go to the source; answers under way end as `inFlight` says.",
                $"model-migrate rollback --migration-id {id} --reason \"operator request\"{option}",
                $"curl -sS -X POST {server}/api/v1/rollback -H \"Content-Type: application/json\"{header} -d '{{\"migration_id\":\"{id}\",\"reason\":\"operator request\"}}'");
        }
        else
        {
            Line(text, $"## Roll back now\n");
            Line(text, $"{(detail.Weight > 0 ? "It is completed and the source is released: declare a migration back." : "There is nothing to roll back: the source has all traffic.")}\n");
        }

        Section(text, "See where it stands", "After a rollback the phase must read `rolled_back` and the target's share 0%.",
            $"model-migrate status {id}{option}",
            $"curl -sS {server}/api/v1/migrations/{id}{header}",
            $"curl -sS {server}/api/v1/routes{header}",
            $"curl -sS {server}/readyz");
        foreach (var verb in detail.Verbs.Where(verb => !string.Equals(verb, "rollback", StringComparison.Ordinal)))
        {
            Section(text, Title(verb), Meaning(verb), $"model-migrate migrations {verb} {id}{option}");
        }

        Section(text, "Look closer", "The report holds every decision with its evidence; the export holds everything that the journal has.",
        [
            $"model-migrate status {id} --watch{option}",
            $"model-migrate report --migration-id {id}{option}",
            // Before the start there is nothing to export.
            .. detail.Since is null ? Array.Empty<string>() : [$"model-migrate migrations export {id}{option}"],
        ]);
        Line(text, $"## What stands in the way now\n");
        foreach (var blocker in detail.Blockers.DefaultIfEmpty("Nothing."))
        {
            Line(text, $"- {blocker.ReplaceLineEndings(" ")}");
        }

        if (detail.StopRules.Count > 0)
        {
            Line(text, $"\n## What rolls back besides the gates\n");
            foreach (var rule in detail.StopRules)
            {
                Line(text, $"- {rule.ReplaceLineEndings(" ")}");
            }
        }

        Line(text, $"\n## If the rollback does not help\n");
        Line(text, $"1. The source fails as well: the journal shows an alert, and the route's fallback answers. Look at the provider's status page.");
        Line(text, $"2. The admin API does not answer: the gateway sends unproven targets' traffic to the source by itself after `controlTimeout`.");
        Line(text, $"3. Stop the process with SIGTERM: it drains for up to 30 s. Started again it resumes where the journal says.");
        return text.ToString();
    }

    private static string Title(string verb) => char.ToUpperInvariant(verb[0]) + verb[1..];

    private static string Meaning(string verb) => verb switch
    {
        "start" => "Begins the first step.",
        "pause" => "Keeps the target's share where it is; nothing advances. Harm still rolls back.",
        "resume" => "Goes on where a pause or freeze stopped it.",
        "approve" => "Lets it leave the step that waits for approval.",
        "reject" => "Refuses the approval.",
        "promote" => "Gives the target all traffic but the hold-back, without waiting for the gates.",
        "retry" => "Begins anew with what the file says now.",
        "finalize" => "Prints the change that makes the configuration file say what is true.",
        _ => "As described by `model-migrate migrations --help`.",
    };

    private static void Section(StringBuilder text, string title, string meaning, params string[] commands)
    {
        Line(text, $"## {title}\n");
        Line(text, $"{meaning}\n");
        Line(text, $"```sh");
        foreach (var command in commands)
        {
            Line(text, $"{command}");
        }

        Line(text, $"```\n");
    }

    // The address came with a request and is pasted into a shell.
    private static bool IsPlain(string server) =>
        Uri.TryCreate(server, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && server.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '/' or '.' or '-');

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
