namespace ModelMigrate.Benchmarks.Soak;

/// <summary>One request of the soak: to which route in which protocol, how large, what is to go wrong, and how it may end.</summary>
/// <param name="Path">The client protocol's path.</param>
/// <param name="Route">The route, which says what the provider speaks.</param>
/// <param name="IsStream">Whether it asks for a stream.</param>
/// <param name="Filling">Characters of prompt.</param>
/// <param name="Turn">Characters of a turn, at most.</param>
/// <param name="Fault">What the provider is told to do, or null.</param>
/// <param name="Leaves">Whether the client goes away in the middle.</param>
/// <param name="Picture">Shown beside the prompt, its bytes as they stand in JSON; or null.</param>
internal sealed record SoakRequest(string Path, string Route, bool IsStream, int Filling, int Turn, string? Fault, bool Leaves, string? Picture)
{
    private const int Large = 690_000;

    private const string Messages = "/v1/messages";

    /// <summary>Pictures as most clients write them, and as those do that escape a slash.</summary>
    private static readonly string[] s_pictures = [.. new[] { "iVBORw0KGgo/", @"iVBORw0KG\/" }.Select(static piece => string.Concat(Enumerable.Repeat(piece, Large / piece.Length)))];

    private static readonly string[] s_faults = ["fail-429", "fail-500", "fail-cut"];

    /// <summary>A turn of a large conversation of many turns.</summary>
    private const int SmallTurn = 20_000;

    public bool IsLarge => Filling == Large || Picture is not null;

    public string Body { get; } =
        $$$"""{"model":"{{{Route}}}","stream":{{{(IsStream ? "true" : "false")}}},"max_tokens":100,"messages":[{{{Turns(Fault, Filling, Turn)}}}{{{Shown(Path, Picture)}}}]}""";

    /// <summary>
    /// The i-th: a tenth ends in a fault, a tenth in a client that leaves, one in two hundred is a large conversation of many turns or one, one in four hundred shows a
    /// large picture. None is larger than 1 MB.
    /// </summary>
    public static SoakRequest Of(int i, uint seed)
    {
        var random = new Random(unchecked((int)seed * 1_000_003) + i);
        var isStream = random.Next(2) == 0;
        var kind = random.Next(10);
        var (path, route) = (random.Next(2) == 0 ? "/v1/chat/completions" : Messages, random.Next(2) == 0 ? "chat" : "claude");
        var isLong = random.Next(200) == 0;
        return new SoakRequest(
            path, route, isStream,
            Filling: isLong ? Large : random.Next(20, 2000),
            Fault: kind == 0 ? s_faults[random.Next(isStream ? 3 : 2)] : kind == 1 && isStream ? "fail-stall" : null,
            Leaves: kind == 1,
            Turn: random.Next(2) == 0 ? SmallTurn : Large,
            Picture: random.Next(400) == 0 && !isLong ? s_pictures[random.Next(2)] : null);
    }

    /// <summary>A turn that shows a picture, behind those that there are.</summary>
    private static string Shown(string path, string? picture) => picture is null ? ""
        : path == Messages ? $$$"""
            ,{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{picture}}}"}}]}
            """
        : $$$"""
            ,{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{picture}}}"}}]}
            """;

    private static string Turns(string? fault, int filling, int turn) => string.Join(
        ',', Enumerable.Range(0, 1 + (filling / turn)).Select(i =>
            $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":"{{fault}} {{new string('x', Math.Min(turn, filling - (i * turn)))}}"}"""));
}
