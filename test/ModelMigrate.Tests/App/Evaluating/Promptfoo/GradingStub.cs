using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>A server that makes the embeddings that texts ask for: the numbers after <c>v=</c> in them, else three ones.</summary>
internal static partial class GradingStub
{
    public static async Task AnswerAsync(HttpContext context, StubUpstream.Received received)
    {
        var asked = JsonNode.Parse((ReadOnlySpan<byte>)received.Body)!;
        await StubUpstream.Json(Embedding(asked["input"]!.GetValue<string>()))(context, received);
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
}
