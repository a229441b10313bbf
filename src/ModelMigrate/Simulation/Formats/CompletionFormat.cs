namespace ModelMigrate.Simulation.Formats;

/// <summary>The OpenAI legacy completions protocol: one choice for each prompt and each answer wanted to it, all of the same words.</summary>
internal sealed class CompletionFormat : OpenAiFormat
{
    public override string ChatPath => "/v1/completions";

    public override string Work => "prompt";

    public override string Plain(SimulatedRequest request, SimulatedAnswer answer) =>
        $$"""{{Envelope(request, answer)}},"choices":[{{string.Join(',', Choices(request).Select(c => Choice(c.Index, c.Echo + Said(request, answer), $"\"{Finish(request, answer)}\"")))}}],"usage":{{Usage(request, answer)}}}""";

    public override string StreamHead(SimulatedRequest request, SimulatedAnswer answer) =>
        string.Concat(Choices(request).Where(c => c.Echo.Length > 0).Select(c => Event(request, answer, Choice(c.Index, c.Echo, "null"))));

    public override string StreamToken(SimulatedRequest request, SimulatedAnswer answer, string token) =>
        string.Concat(Choices(request).Select(c => Event(request, answer, Choice(c.Index, token, "null"))));

    public override string StreamTail(SimulatedRequest request, SimulatedAnswer answer) =>
        string.Concat(Choices(request).Select(c => Event(request, answer, Choice(c.Index, "", $"\"{Finish(request, answer)}\""))))
        + (request.IncludeUsage ? $"data: {Envelope(request, answer)},\"choices\":[],\"usage\":{Usage(request, answer)}}}\n\n" : "")
        + "data: [DONE]\n\n";

    private static IEnumerable<(int Index, string Echo)> Choices(SimulatedRequest request) =>
        request.Input!.Prompts.SelectMany(prompt => Enumerable.Repeat(request.Input.Echoes ? prompt : "", request.Input.Choices)).Select((echo, i) => (i, echo));

    private static string Choice(int index, string text, string finish) =>
        $$"""{"text":{{Quote(text)}},"index":{{index}},"logprobs":null,"finish_reason":{{finish}}}""";

    private static string Event(SimulatedRequest request, SimulatedAnswer answer, string choice) =>
        $"data: {Envelope(request, answer)},\"choices\":[{choice}]}}\n\n";

    private static string Envelope(SimulatedRequest request, SimulatedAnswer answer) =>
        $$"""{"id":"cmpl-{{answer.Id:x16}}","object":"text_completion","created":{{Created(answer)}},"model":{{Quote(request.Model)}}""";
}
