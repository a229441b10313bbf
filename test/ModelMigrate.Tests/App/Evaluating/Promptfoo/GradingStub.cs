using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>A server that judges and embeds as texts ask for: the numbers after <c>v=</c> are an embedding, what stands after other names a verdict.</summary>
internal static partial class GradingStub
{
    public static async Task AnswerAsync(HttpContext context, StubUpstream.Received received)
    {
        var asked = JsonNode.Parse((ReadOnlySpan<byte>)received.Body)!;
        await StubUpstream.Json(asked["input"] is { } input ? Embedding(input.GetValue<string>()) : Chat(Verdict(Form(asked), asked["messages"]![1]!["content"]!.GetValue<string>())))(context, received);
    }

    /// <summary>The name of the verdict that a call asks for; null for embeddings.</summary>
    public static string? Form(JsonNode asked) => asked["response_format"]?["json_schema"]?["name"]?.GetValue<string>();

    public static string Chat(string said) => JsonSerializer.Serialize(new
    {
        id = "1", @object = "chat.completion", created = 1, model = "judge", choices = new[] { new { index = 0, message = new { role = "assistant", content = said }, finish_reason = "stop" } },
        usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
    });

    private static string Verdict(string? form, string material) => form switch
    {
        "steps" => """{"steps":["one step","another"]}""",
        "score" when Told().Match(material) is { Success: true } told => $$"""{"reason":"said","score":{{told.Groups["score"].Value}}}""",
        "recall" => Statements(material, "recall"),
        "faithfulness" => Statements(material, "faith"),
        "relevance" when Told().Match(material) is { Success: true } told => $$"""{"needed":[{{string.Join(',', Enumerable.Range(1, int.Parse(told.Groups["needed"].Value, CultureInfo.InvariantCulture)))}}]}""",
        "questions" when Told().Match(material) is { Success: true } told => JsonSerializer.Serialize(new { questions = told.Groups["asked"].Value.Split('|') is [var same] ? [same, same, same] : told.Groups["asked"].Value.Split('|') }),
        "best" when Told().Match(material) is { Success: true } told => $$"""{"reason":"said","best":{{Best(told.Groups["best"].Value, material)}}}""",
        _ => "I would rather not.",
    };

    /// <summary>A number from 0 is the answer at that place; "first" whichever stands there, and another word the answer that has it.</summary>
    private static int Best(string told, string material) => told == "first" ? 1 : int.TryParse(told, CultureInfo.InvariantCulture, out var place) ? place + 1
        : JsonNode.Parse(material)!.AsObject().Where(static field => field.Key.StartsWith("answer ", StringComparison.Ordinal)).Index().First(each => each.Item.Value!.GetValue<string>().Contains(told, StringComparison.Ordinal)).Index + 1;

    private static string Statements(string material, string name)
    {
        var told = Share().Matches(material).FirstOrDefault(match => match.Groups["name"].Value == name);
        var (held, all) = told is null ? (0, 0) : (int.Parse(told.Groups["held"].Value, CultureInfo.InvariantCulture), int.Parse(told.Groups["all"].Value, CultureInfo.InvariantCulture));
        return told is null ? "I would rather not." : JsonSerializer.Serialize(new { statements = Enumerable.Range(0, all).Select(i => new { statement = $"statement {i}", held = i < held }) });
    }

    private static string Embedding(string text) => JsonSerializer.Serialize(new
    {
        @object = "list",
        model = "vectors-1",
        data = new[] { new { @object = "embedding", index = 0, embedding = Vector().Match(text) is { Success: true } told ? told.Groups["v"].Value.Split(',').Select(static number => double.Parse(number, CultureInfo.InvariantCulture)) : [1, 1, 1] } },
        usage = new { prompt_tokens = 7, total_tokens = 7 },
    });

    [GeneratedRegex("v=(?<v>[-0-9.,]*[0-9])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vector();

    [GeneratedRegex(@"gscore=(?<score>[-0-9.]+)|relevant=(?<needed>[0-9]+)|best=(?<best>\w+)|ask=\[(?<asked>[^\]]*)\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Told();

    /// <summary>How many statements of a text are held, of how many.</summary>
    [GeneratedRegex("(?<name>recall|faith)=(?<held>[0-9]+)/(?<all>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    internal static partial Regex Share();
}
