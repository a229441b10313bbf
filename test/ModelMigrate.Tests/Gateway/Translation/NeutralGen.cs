using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Requests, answers and streams of everything that both protocols can say.</summary>
internal static class NeutralGen
{
    private static readonly Gen<string> s_texts = Gen.Elements("a", "Hello", "Ünïcødé 🙂", "\"quoted\" \\ line\nbreak", " leading", "{\"not\":\"json\"", "data: [DONE]");

    private static readonly Gen<string> s_names = Gen.Elements("weather", "now", "find_order-2");

    private static readonly Gen<string> s_schemas = Gen.Elements(
        """{"type":"object"}""", """{"type":"object","properties":{"a":{"type":"string","enum":["ü",null,1.50]}},"required":["a"],"additionalProperties":false}""");

    private static readonly Gen<string> s_arguments = Gen.Elements("{}", """{"a":1}""", """{"city": "Łódź", "n": [1.0, 2e3, null]}""", """{"q":"\"}{\\"}""");

    public static Gen<ChatRequest> Requests =>
        from system in s_texts.Select(text => new TextPart(text)).ListOf(2)
        from turns in Turns
        from tools in Tools
        from choice in Gen.Elements<ToolChoiceMode?>(null, ToolChoiceMode.Auto, ToolChoiceMode.None, ToolChoiceMode.Required, ToolChoiceMode.Named)
        from parallel in Gen.Elements(true, false)
        from schema in s_schemas
        from hasFormat in Gen.Elements(true, false)
        from effort in Gen.Elements<ReasoningEffort?>(null, ReasoningEffort.None, ReasoningEffort.Low, ReasoningEffort.Medium, ReasoningEffort.High)
        from numbers in Gen.Choose(0, 10).ListOf(2)
        from has in Gen.Elements(true, false).ListOf(5)
        let mode = tools.Count == 0 ? null : choice
        let thinks = effort is not (null or ReasoningEffort.None) && mode is not (ToolChoiceMode.Required or ToolChoiceMode.Named)
        select new ChatRequest
        {
            System = [.. system],
            Turns = [.. turns],
            Tools = tools,
            ToolChoice = mode is { } chosen ? new ToolChoice(chosen, chosen == ToolChoiceMode.Named ? tools[0].Name : null) : null,
            ParallelTools = tools.Count > 0 && parallel && mode is not (null or ToolChoiceMode.None) ? false : null,
            Format = hasFormat ? new AnswerFormat { Schema = schema, Strict = true } : null,
            Reasoning = thinks || effort == ReasoningEffort.None ? new Reasoning(effort!.Value) : null,
            Stop = has[0] ? ["END", "\"x\""] : [],
            MaxTokens = 100 + numbers[0],
            Temperature = has[1] && !thinks ? numbers[0] / 10.0 : null,
            TopP = has[2] && !thinks ? numbers[1] / 10.0 : null,
            User = has[3] ? "user-1" : null,
        };

    public static Gen<ChatResult> Results =>
        from parts in Answer
        from finish in Gen.Elements(FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter)
        from tokens in Gen.Choose(0, 1000).ListOf(4)
        select new ChatResult
        {
            Id = "id-1", Model = "m-2026", Parts = parts, Usage = new Usage(tokens[0] + tokens[1] + tokens[2], tokens[3], tokens[1], tokens[2]),
            Finish = finish == FinishReason.Stop && parts.Exists(p => p is ToolCallPart) ? FinishReason.ToolCalls : finish,
        };

    /// <summary>The deltas of an answer, cut into pieces.</summary>
    public static Gen<List<ChatDelta>> Streams =>
        from result in Results
        from cuts in Gen.Choose(1, 9).ListOf(7)
        select Deltas(result, [.. cuts]);

    private static Gen<List<ChatPart>> Answer =>
        from thinking in Gen.Elements<string?>(null, "Hm", "Think \"hard\"\n")
        from text in Gen.OneOf(Gen.Constant<string?>(null), s_texts.Select(t => (string?)t))
        from calls in s_names.SelectMany(name => s_arguments.Select(arguments => (name, arguments))).ListOf(2)
        from count in Gen.Choose(0, 2)
        let parts = (List<ChatPart>)
        [
            .. thinking is null ? Array.Empty<ChatPart>() : [new ThinkingPart(thinking, new OpaqueState("SIG==", "claude"))],
            .. text is null ? Array.Empty<ChatPart>() : [new TextPart(text)],
            .. calls.Take(count).Select((call, i) => new ToolCallPart($"call_{i}", call.name, call.arguments)),
        ]
        select parts.Exists(p => p is not ThinkingPart) ? parts : [.. parts, new TextPart("x")];

    private static Gen<List<ChatTurn>> Turns =>
        from first in UserParts
        from rounds in (from call in Calls from user in UserParts select (call, user)).ListOf(2)
        select (List<ChatTurn>)[new ChatTurn(ChatRole.User, first), .. rounds.SelectMany((round, i) => Round(round.call, round.user, i))];

    private static Gen<List<ChatPart>> UserParts =>
        from text in s_texts
        from image in Gen.Elements<ChatPart?>(
            null, new ImagePart { MediaType = "image/png", Data = JsonText.Of("iVBORw0KGgo=") }, new ImagePart { Url = "https://example.com/a.png?b=c" },
            new DocumentPart { MediaType = "application/pdf", Data = JsonText.Of("JVBERi0="), Title = "a.pdf" })
        select image is null ? (List<ChatPart>)[new TextPart(text)] : [new TextPart(text), image, new TextPart("after")];

    private static Gen<(string? Text, List<(string Name, string Arguments)> Calls)> Calls =>
        from text in Gen.OneOf(Gen.Constant<string?>(null), s_texts.Select(t => (string?)t))
        from calls in s_names.SelectMany(name => s_arguments.Select(arguments => (name, arguments))).ListOf(2)
        from count in Gen.Choose(0, 2)
        select (text, calls.Take(count).ToList());

    private static Gen<List<ChatTool>> Tools =>
        from names in Gen.SubListOf("weather", "now", "find_order-2")
        from schema in s_schemas
        from strict in Gen.Elements(true, false)
        from description in Gen.Elements<string?>(null, "What it does.")
        select names.Select(name => new ChatTool { Name = name, Description = description, Schema = schema, Strict = strict }).ToList();

    /// <summary>An assistant's turn and the user's answer to it: results first, then what the user says.</summary>
    private static IEnumerable<ChatTurn> Round((string? Text, List<(string Name, string Arguments)> Calls) said, List<ChatPart> user, int round)
    {
        var calls = said.Calls.Select((call, i) => new ToolCallPart($"call_{round}_{i}", call.Name, call.Arguments)).ToList();
        var text = said.Text ?? (calls.Count == 0 ? "ok" : null);
        yield return new ChatTurn(ChatRole.Assistant, [.. text is null ? Array.Empty<ChatPart>() : [new TextPart(text)], .. calls]);
        yield return new ChatTurn(
            ChatRole.User, calls.Count == 0 ? user : [.. calls.Select(call => new ToolResultPart(call.Id, [new TextPart($"result of {call.Name}")]))]);
    }

    /// <summary>An answer as a stream, its texts cut into pieces.</summary>
    internal static List<ChatDelta> Deltas(ChatResult result, int[] cuts)
    {
        var deltas = new List<ChatDelta> { new() { Id = result.Id, Model = result.Model } };
        var (call, at) = (0, 0);
        foreach (var part in result.Parts)
        {
            switch (part)
            {
                case ThinkingPart thinking:
                    deltas.AddRange(Pieces(thinking.Text).Select(piece => new ChatDelta { Thinking = piece }));
                    deltas.Add(new ChatDelta { State = thinking.State });
                    break;
                case TextPart text:
                    deltas.AddRange(Pieces(text.Text).Select(piece => new ChatDelta { Text = piece }));
                    break;
                case ToolCallPart wanted:
                    deltas.Add(new ChatDelta { ToolCall = new ToolCallDelta(call, wanted.Id, wanted.Name, null) });
                    var index = call++;
                    deltas.AddRange(Pieces(wanted.Arguments).Select(piece => new ChatDelta { ToolCall = new ToolCallDelta(index, null, null, piece) }));
                    break;
            }
        }

        deltas.Add(new ChatDelta { Finish = result.Finish });
        deltas.Add(new ChatDelta { Usage = result.Usage });
        return deltas;

        IEnumerable<string> Pieces(string text)
        {
            for (var from = 0; from < text.Length;)
            {
                var to = Math.Min(text.Length, from + cuts[at++ % cuts.Length]);

                // A pair of surrogates is one character.
                to += to < text.Length && char.IsLowSurrogate(text[to]) ? 1 : 0;
                yield return text[from..to];
                from = to;
            }
        }
    }
}
