using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>What promptfoo itself asks of the models and addresses of our files: the same verdicts as <see cref="GradingStub"/>'s, in the forms that its prompts ask for.</summary>
internal static partial class PromptfooAsks
{
    /// <summary>A part of promptfoo's prompt → its answer, made of what our texts say in it.</summary>
    private static readonly (string Asked, Func<string, string> Answer)[] s_answers =
    [
        ("generate 3-4 concise evaluation steps", static _ => """{"steps":["one step","another"]}"""),
        ("**Evaluation Steps**", static text => $$"""{"score":{{Last(text, "gscore=([0-9.]+)")}},"reason":"said"}"""),
        ("analyze each sentence in the answer and classify", static text => Each(text, "recall", static (i, held) => $"{i + 1}. Sentence. So [{(i < held ? "Attributed" : "Not Attributed")}]", '\n')),
        ("candidate sentences:", static text => int.Parse(Last(text, "relevant=([0-9]+)"), CultureInfo.InvariantCulture) is > 0 and var needed ? string.Join('\n', Enumerable.Range(0, needed).Select(static i => $"Sentence {i}")) : "Insufficient Information"),
        ("create one or more statements from each sentence", static text => Each(text, "faith", static (i, _) => $"Statement {i} {{0}}", '\n')),
        ("Natural language inference", static text => $"Final verdict for each statement in order: {Each(text, "faith", static (i, held) => i < held ? "Yes." : "No.", ' ')}"),
        ("Generate question for the given answer", static text => Last(text, @"ask=\[([^\]]*)\]")),
        ("You are comparing multiple pieces of text", Best),
        ("pass=", static text => Verdict().Matches(text)[^1] is var told ? $$"""{"reason":"said","pass":{{told.Groups["pass"].Value}},"score":{{told.Groups["score"].Value}}}""" : ""),
        ("meets=", static text => $"said\n{Last(text, @"meets=(\w)")}"),
        ("fact=", static text => $$"""{"category":"{{Last(text, @"fact=(\w)")}}","reason":"said"}"""),
    ];

    public static Task AnswerAsync(HttpContext context, StubUpstream.Received received)
    {
        var asked = JsonNode.Parse((ReadOnlySpan<byte>)received.Body)!;
        if (asked["input"] is not null)
        {
            return GradingStub.AnswerAsync(context, received);
        }

        if (asked["messages"] is JsonArray turns)
        {
            var words = string.Join('\n', turns.Select(static turn => turn!["content"]!.GetValue<string>()));
            return words.StartsWith("answer: ", StringComparison.Ordinal) ? PromptfooToolTests.AnswerAsync(context, received) : StubUpstream.Json(GradingStub.Chat(Said(words)))(context, received);
        }

        return StubUpstream.Json(asked["who"] is { } who ? JsonSerializer.Serialize(new { said = $"{who}: {asked["prompt"]}" }) : asked["output"]!.GetValue<string>().Split("hook: ")[1])(context, received);
    }

    private static string Said(string words) => s_answers.FirstOrDefault(each => words.Contains(each.Asked, StringComparison.Ordinal)) is { Answer: { } answer } ? answer(words) : "I would rather not.";

    private static string Last(string text, string pattern) => Regex.Matches(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))[^1].Groups[1].Value;

    /// <summary>A line for each statement that a text says there is, of which so many are held; none where it says nothing.</summary>
    private static string Each(string text, string name, Func<int, int, string> line, char between)
    {
        if (GradingStub.Share().Matches(text).LastOrDefault(match => match.Groups["name"].Value == name) is not { } told)
        {
            return "nothing to say";
        }

        var (held, all) = (int.Parse(told.Groups["held"].Value, CultureInfo.InvariantCulture), int.Parse(told.Groups["all"].Value, CultureInfo.InvariantCulture));
        return string.Join(between, Enumerable.Range(0, all).Select(i => line(i, held).Replace("{0}", told.Value, StringComparison.Ordinal)));
    }

    private static string Best(string text)
    {
        var word = Last(text, @"best=(\w+)");
        return Texts().Matches(text).First(each => each.Groups["text"].Value.Contains(word, StringComparison.Ordinal)).Groups["place"].Value;
    }

    [GeneratedRegex(@"pass=(?<pass>\w+) score=(?<score>[0-9.]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verdict();

    [GeneratedRegex(@"<Text index=""(?<place>\d+)"">\n(?<text>.*?)\n</Text>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Texts();
}
