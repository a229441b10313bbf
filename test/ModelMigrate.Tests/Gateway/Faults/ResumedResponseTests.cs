using System.Text.Json;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>
/// How a stream of responses that passes as bytes is gone on with: its provider began it, and the gateway writes the rest in the same ids and numbers.
/// </summary>
public sealed class ResumedResponseTests
{
    private const string Path = "/v1/responses";

    private const string Unkept = """{"model":"chat","stream":true,"store":false,"input":"Hello"}""";

    private const string Message = """ "item":{"type":"message","id":"m2","status":"in_progress","role":"assistant","content":[]} """;

    private static readonly string[] s_events = [.. new ResponsesSamples().Events];

    /// <summary>The beginning up to its first token, without numbers.</summary>
    private static readonly string[] s_begun = s_events[..5];

    /// <summary>The rest comes from the model itself or from another, in its own protocol: the client sees one stream of one provider.</summary>
    [Theory]
    [InlineData("chat", 0)]
    [InlineData("messages", 0)]
    [InlineData("responses", 0)]
    [InlineData("responses", 7)]
    public async Task Resume_ByAnotherModel_OneStreamOfOneNumbering(string protocol, int first)
    {
        var other = FaultProtocol.Of(protocol);
        await using var upstream = await StubUpstream.StartAsync();
        await using var resuming = await StubUpstream.StartAsync(other.Continuation(other.Rest));
        var (model, fallback) = (GatewayHost.Model("m", upstream) with { InResponses = true }, GatewayHost.Model("f", resuming, other.Kind) with { Prefill = true, InResponses = other.InResponses });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model with { Id = new("t"), Fingerprint = "t" }, weightPpm: 1) with
        {
            OnCut = CutPolicy.Resume, Fallback = [fallback],
        });
        var begun = Numbered(s_begun, first);

        var text = await CutAsync(gateway, upstream, begun);

        Assert.StartsWith(begun, text, StringComparison.Ordinal);
        Assert.Contains(": resumed by prefill, model f\n\n", text, StringComparison.Ordinal);
        var events = Read(text);
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal(Enumerable.Range(first, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(["m1"], events.Select(ItemOf).OfType<string>().Distinct());
        Assert.All(events.Where(e => e.TryGetProperty("output_index", out _)), e => Assert.Equal(0, e.GetProperty("output_index").GetInt32()));

        // What ends, ends with all of the text: what came before the cut, too.
        Assert.Equal(("Hi there", "Hi there"), (events[6].GetProperty("text").GetString(), events[7].GetProperty("part").GetProperty("text").GetString()));
        Assert.Equal("Hi there", events[8].GetProperty("item").GetProperty("content")[0].GetProperty("text").GetString());
        var (created, whole) = (events[0].GetProperty("response"), events[^1].GetProperty("response"));
        Assert.Equal("Hi there", Assert.Single(whole.GetProperty("output").EnumerateArray()).GetProperty("content")[0].GetProperty("text").GetString());
        Assert.All(["id", "model", "created_at"], name => Assert.Equal(created.GetProperty(name).GetRawText(), whole.GetProperty(name).GetRawText()));
        Assert.Equal(("completed", false, 3), (whole.GetProperty("status").GetString(), whole.GetProperty("store").GetBoolean(), whole.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
        Assert.Equal(Outcome.Error, Assert.Single(gateway.Ended()).Outcome);
    }

    [Fact]
    public async Task Resume_ByAskingAgain_WhatTheClientHasIsNotSaidTwice()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, prefill: false);

        var text = await CutAsync(gateway, upstream, Numbered(s_begun), then: FaultProtocol.Of("responses").Again);

        Assert.Contains(": resumed by asking again, model s\n\n", text, StringComparison.Ordinal);
        Assert.Equal(["Hi", " there"], Read(text).Where(e => e.GetProperty("type").ValueEquals("response.output_text.delta")).Select(e => e.GetProperty("delta").GetString()));
        Assert.Contains("\"store\":false", upstream.Requests.Last().Text, StringComparison.Ordinal);
    }

    /// <summary>OpenAI's servers send events beside the answer while they work, and count them (openai-node 1964); others number nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resume_EventsBesideTheAnswer_AreCountedAndNoObstacle(bool areNumbered)
    {
        var protocol = FaultProtocol.Of("responses");
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        string[] events = [s_events[0], Event("response.queued", """ "response":{"id":"resp_1"} """), Event("keepalive", """ "a":1 """), .. s_begun[1..]];

        var text = await CutAsync(gateway, upstream, areNumbered ? Numbered(events) : string.Concat(events), then: protocol.Continuation(protocol.Rest));

        Assert.Equal([7, 8, 9, 10, 11], Read(text).Skip(events.Length).Select(e => e.GetProperty("sequence_number").GetInt32()));
    }

    /// <summary>A thinking model's answer begins with an item for it, also where it shows nothing: the same answer in another protocol would be text alone.</summary>
    [Fact]
    public async Task Resume_AfterThinkingThatShowsNothing_TextIsTheSecondItemToItsEnd()
    {
        var protocol = FaultProtocol.Of("responses");
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var begun = Behind(Thinking("added"), Thinking("done"));

        var text = await CutAsync(gateway, upstream, begun, then: protocol.Continuation(protocol.Rest));

        var rest = Read(text)[Read(begun).Count..];
        Assert.Equal([1, 1, 1, 1], rest.SkipLast(1).Select(e => e.GetProperty("output_index").GetInt32()));
        var output = rest[^1].GetProperty("response").GetProperty("output");
        Assert.Equal([("rs_1", "reasoning"), ("m1", "message")], output.EnumerateArray().Select(item => (item.GetProperty("id").GetString(), item.GetProperty("type").GetString())));
        Assert.Equal("Hi there", output[1].GetProperty("content")[0].GetProperty("text").GetString());
    }

    /// <summary>The id that the client has names what its provider keeps, which is half an answer: nobody else can mend it there.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\"store\":true,")]
    [InlineData("\"store\":null,")]
    public async Task Resume_OfAKeptAnswer_ErrorEventAndNoSecondCall(string store) =>
        await AssertNotResumedAsync(Numbered(s_begun), Unkept.Replace("\"store\":false,", store, StringComparison.Ordinal));

    public static TheoryData<string, string> MoreThanText() => new()
    {
        { "a tool call", Event("response.output_item.added", """ "output_index":1,"item":{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":""} """) },
        { "a second message", Event("response.output_item.added", "\"output_index\":1," + Message) },
        { "a second part", Event("response.content_part.added", """ "item_id":"m1","output_index":0,"content_index":1,"part":{"type":"output_text","text":""} """) },
        { "text of another item", Event("response.output_text.delta", """ "item_id":"m2","output_index":1,"content_index":0,"delta":"A" """) },
        { "text of another part", Event("response.output_text.delta", """ "item_id":"m1","output_index":0,"content_index":1,"delta":"A" """) },
        { "a refusal", Event("response.refusal.delta", """ "item_id":"m1","output_index":0,"content_index":0,"delta":"No" """) },
        { "an annotation", Event("response.output_text.annotation.added", """ "item_id":"m1","output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation"} """) },
        { "probabilities", Event("response.output_text.delta", """ "item_id":"m1","output_index":0,"content_index":0,"delta":"A","logprobs":[{"token":"A","logprob":-1}] """) },
        { "something that nobody knows", s_events[6] },
        { "the end of its text", s_events[7] },
    };

    [Theory]
    [MemberData(nameof(MoreThanText))]
    public async Task Resume_TextFollowedByMore_ErrorEventAndNoSecondCall(string what, string more)
    {
        Assert.NotEmpty(what);
        await AssertNotResumedAsync(Numbered([.. s_begun, more]), Unkept);
    }

    public static TheoryData<string, string> OtherBeginnings() => new()
    {
        { "thinking that is shown", Behind(Thinking("added"), Event("response.reasoning_summary_text.delta", """ "item_id":"rs_1","output_index":0,"summary_index":0,"delta":"Hm" """), Thinking("done")) },
        { "thinking that is shown at its end", Behind(Thinking("added"), Thinking("done", """{"type":"summary_text","text":"Hm"}""")) },
        { "thinking whose state the client needs", Behind(Thinking("added"), Thinking("done").Replace("\"summary\"", "\"encrypted_content\":\"E\",\"summary\"", StringComparison.Ordinal)) },
        { "thinking that has not ended", Behind(Thinking("added")) },
        { "a call before it", Behind(Event("response.output_item.done", """ "output_index":0,"item":{"type":"function_call","id":"fc_1"} """)) },
        { "a message that has ended", With(2, s_events[2].Replace("item.added", "item.done", StringComparison.Ordinal)) },
        { "an item that holds something", With(2, s_events[2].Replace("\"content\":[]", "\"content\":[],\"phase\":\"commentary\"", StringComparison.Ordinal)) },
        { "a part that holds something", With(3, s_events[3].Replace("\"text\":\"\"", "\"text\":\"A\"", StringComparison.Ordinal)) },
        { "text without an item", With(2, "") },
    };

    [Theory]
    [MemberData(nameof(OtherBeginnings))]
    public async Task Resume_BegunWithMoreThanText_ErrorEventAndNoSecondCall(string what, string begun)
    {
        Assert.NotEmpty(what);
        await AssertNotResumedAsync(begun, Unkept);
    }

    /// <summary>What only the provider can go on with, and answers of another kind.</summary>
    [Theory]
    [InlineData("\"conversation\":\"c\"")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_object\"}}")]
    public async Task Resume_RequestForMoreThanPlainText_ErrorEventAndNoSecondCall(string field) =>
        await AssertNotResumedAsync(Numbered(s_begun), Unkept.Replace("\"store\"", field + ",\"store\"", StringComparison.Ordinal));

    [Fact]
    public async Task Resume_PrefillRejected_ErrorEventIsTheNextOfItsNumbers()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);

        var text = await CutAsync(gateway, upstream, Numbered(s_begun, 3), then: FaultProtocol.Of("responses").Error(400, "This model does not support assistant message prefill.", "unsupported_value"));

        var error = Read(text)[^1];
        Assert.Equal(("error", 8), (error.GetProperty("type").GetString(), error.GetProperty("sequence_number").GetInt32()));
        Assert.Contains("broke off in the middle of its answer", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task AssertNotResumedAsync(string begun, string request)
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);

        var text = await CutAsync(gateway, upstream, begun, request);

        Assert.StartsWith(begun, text, StringComparison.Ordinal);
        Assert.Equal("error", Read(text)[^1].GetProperty("type").GetString());
        Assert.Single(upstream.Requests, r => r.Method == "POST");
    }

    private static Task<GatewayHost> StartAsync(StubUpstream upstream, bool prefill = true) => GatewayHost.StartAsync(
        GatewayHost.Route(GatewayHost.Model("s", upstream) with { Prefill = prefill, InResponses = true }) with { OnCut = CutPolicy.Resume });

    /// <summary>Cut when the client has all that was sent, as it was sent.</summary>
    private static Task<string> CutAsync(GatewayHost gateway, StubUpstream upstream, string begun, string request = Unkept, StubUpstream.Answer? then = null) =>
        CutStream.ReadAsync(gateway, upstream, begun, begun, then, Path, request);

    /// <summary>Events as OpenAI numbers and dates them.</summary>
    private static string Numbered(IEnumerable<string> events, int first = 0) => string.Concat(events.Select((e, i) => e
        .Replace("data: {", $"data: {{\"sequence_number\":{i + first},", StringComparison.Ordinal)
        .Replace("\"object\":\"response\"", "\"object\":\"response\",\"created_at\":1700000000", StringComparison.Ordinal)));

    private static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members}}}\n\n";

    private static string Thinking(string change, string summary = "") => Event(
        "response.output_item." + change, $"\"output_index\":0,\"item\":{{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{summary}]}}");

    /// <summary>The beginning with another item before the message.</summary>
    private static string Behind(params string[] item) =>
        Numbered([.. s_begun[..2], .. item, .. s_begun[2..].Select(e => e.Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal))]);

    private static string With(int at, string e) => Numbered([.. s_begun[..at], e, .. s_begun[(at + 1)..]]);

    private static string? ItemOf(JsonElement e) =>
        e.TryGetProperty("item_id", out var id) || (e.TryGetProperty("item", out var item) && item.TryGetProperty("id", out id)) ? id.GetString() : null;

    /// <summary>The events' data; each event is named as its data say.</summary>
    private static List<JsonElement> Read(string text)
    {
        var events = new List<JsonElement>();
        foreach (var lines in text.Split("\n\n").Where(e => e.Contains("data: {", StringComparison.Ordinal)).Select(e => e.Split('\n')))
        {
            var data = JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement;
            Assert.Equal(lines[0], "event: " + data.GetProperty("type").GetString());
            events.Add(data);
        }

        return events;
    }
}
