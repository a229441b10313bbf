using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Exchange.Rehearsing;

namespace ModelMigrate.Linting;

/// <summary>How a request is rewritten so that both models are asked the same.</summary>
/// <param name="Text">In a sentence.</param>
/// <param name="Patch">The rewrite as a JSON merge patch (RFC 7396) of the body; null where only a person can do it.</param>
internal sealed record Remedy(string Text, JsonObject? Patch)
{
    /// <summary>Other names of the longest answer.</summary>
    private static readonly string[] s_limits = ["max_completion_tokens", "max_output_tokens"];

    public static Remedy Of(RequestFinding finding, JsonObject body, string source)
    {
        var field = NameIn(body, finding.Field);
        var clamped = finding.Detail is { } detail && detail.Split("->") is [_, var to] && double.TryParse(to, CultureInfo.InvariantCulture, out var number) ? number : (double?)null;
        var text = Words(finding, source, clamped);
        if (field is null || finding.Cause is FindingCause.Invalid or FindingCause.Context or FindingCause.Capability)
        {
            return new Remedy(text, null);
        }

        if (clamped is { } value)
        {
            return new Remedy(text, body[field]!.GetValueKind() == JsonValueKind.Number ? new JsonObject { [field] = value } : null);
        }

        // What is sent in other words is asked all the same: there is nothing to take out.
        return new Remedy(text, finding.Detail is null ? new JsonObject { [field] = null } : null);
    }

    private static string Words(RequestFinding finding, string source, double? clamped) => finding.Cause switch
    {
        FindingCause.Invalid => finding.Detail ?? "Correct the request.",
        FindingCause.Context => "Shorten the conversation, or name a model with a longer context as the route's largerContext.",
        FindingCause.Capability => $"Name '{Abilities.Images}' in the target's capabilities where it sees; else keep these requests on a route that stays with {source}.",
        FindingCause.Untranslatable => finding.Field switch
        {
            "n" => "Send the request as often as answers are wanted, each with n 1.",
            "tools" or "messages.tool_calls" => "Offer functions that the application itself runs; a tool that the provider runs is at that provider only.",
            "previous_response_id" or "conversation" => "Send the conversation as 'input': what a provider keeps is at that provider only.",
            "messages.content" or "input.content" => "Send the file's bytes instead of its id; keep audio on a route of its own.",
            _ => finding.Field.StartsWith('/') ? $"Keep these requests on a route that stays with {source}: the target's protocol has no such endpoint."
                : $"Leave '{finding.Field}' out, or keep these requests on a route that stays with {source}.",
        },
        FindingCause.Policy => $"Leave '{finding.Field}' as both models take it, or let the route report changes (changes: report).",
        FindingCause.Translated or FindingCause.Rejected when clamped is { } value => string.Create(CultureInfo.InvariantCulture, $"Send {value:0.###}."),
        FindingCause.Translated when finding.Fate == RequestFate.Changes => $"Nothing to do where '{finding.Detail}' will do; try its answers with compat.",
        FindingCause.Translated or FindingCause.Rejected => $"Leave '{finding.Field}' out.{Ability(finding.Field)}",
    };

    /// <summary>The word that lets a field through where the model does take it.</summary>
    private static string Ability(string field) => field switch
    {
        "reasoning_effort" or "output_config.effort" => $" Where the model takes it, name '{Abilities.Effort}' in its capabilities.",
        "thinking" => $" Where the model thinks, name '{Abilities.Effort}' or '{Abilities.ThinkingBudget}' in its capabilities.",
        "tools.strict" => $" Where the provider holds to schemas, name '{Abilities.StructuredOutputs}' in its capabilities.",
        _ => "",
    };

    /// <summary>The name that the body has for a field of its first level; null when it has none.</summary>
    private static string? NameIn(JsonObject body, string field) =>
        body[field] is not null ? field : field == "max_tokens" ? s_limits.FirstOrDefault(name => body[name] is not null) : null;
}
