using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.OpenAi.Responses;
using ModelMigrate.Providers.OpenAi.Responses;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Neutral → responses → neutral loses nothing that both can say, and the same through each of the other protocols.</summary>
public sealed class ResponseTripTests
{
    private static readonly byte[] s_asked = """{"model":"chat","input":"Hello","temperature":0.5,"metadata":{"a":"b"}}"""u8.ToArray();

    [Fact]
    public void Request_WrittenAndRead_IsTheSame() => Prop.ForAll(NeutralGen.Requests.ToArbitrary(), request =>
    {
        var body = ResponseRequest.Of(request);
        Assert.True(ResponseReader.TryRead(Encoding.UTF8.GetBytes(body), out var scanned, out _));
        Assert.Null(scanned.Untranslatable);
        Assert.Equal(Text(request), Text(Read(body)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public void Request_ToAModelOfAnotherProtocol_IsTheSame(ProviderKind kind) => Prop.ForAll(NeutralGen.Requests.ToArbitrary(), request =>
    {
        var changes = new ChangeList();
        var there = Codec.Write(Codec.Model(kind, "m", Abilities.Effort, Abilities.StructuredOutputs), Read(ResponseRequest.Of(request)), changes);
        Assert.True(changes.IsEmpty, changes.ToString());
        Assert.Equal(Text(request), Text(Codec.Read(kind, there)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Request_ToAModelOfThisProtocol_IsTheSame() => Prop.ForAll(NeutralGen.Requests.ToArbitrary(), request =>
    {
        var changes = new ChangeList();
        var body = Encoding.UTF8.GetBytes(Codec.Write(Codec.Model(ProviderKind.OpenAi, "m", Abilities.Effort) with { InResponses = true }, request, changes));
        Assert.Equal(request.Stop.Count > 0 ? "stop: dropped" : "", changes.ToString());
        Assert.True(ResponseReader.TryRead(body, out var scanned, out _));
        Assert.Null(scanned.Untranslatable);
        Assert.Equal(Text(request), Text(Read(Encoding.UTF8.GetString(body)) with { Fields = [] }));
    }).QuickCheckThrowOnFailure();

    /// <summary>What a model thought comes back to it as it was, and to no other.</summary>
    [Theory]
    [InlineData("gpt-5", true)]
    [InlineData("o3", false)]
    public void Request_WithStateOfAFamily_GoesBackToThatFamilyOnly(string model, bool isSent)
    {
        var changes = new ChangeList();
        var thinking = new ThinkingPart("Hm", new OpaqueState("E==", "gpt"));
        var request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "A"), new ChatTurn(ChatRole.Assistant, [thinking, new TextPart("B")]), new ChatTurn(ChatRole.User, "C")] };

        var sent = Codec.Write(Codec.Model(ProviderKind.OpenAi, model) with { InResponses = true }, request, changes);

        Assert.Equal(isSent, sent.Contains("\"encrypted_content\":\"E==\"", StringComparison.Ordinal));
        Assert.Equal(isSent ? "" : "messages.thinking: dropped", changes.ToString());
    }

    [Fact]
    public void Answer_WrittenAndRead_IsTheSame() => Prop.ForAll(NeutralGen.Results.ToArbitrary(), result =>
    {
        using var json = JsonDocument.Parse(Written(result));
        Assert.Equal(Text(result), Text(new ResponseAnswerReader(Call()).Read(json.RootElement)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Stream_WrittenAndReadInAnySplit_IsTheSame()
    {
        var cases = NeutralGen.Streams.SelectMany(deltas => Gen.Choose(1, 60).ListOf(9).Select(sizes => (deltas, sizes: sizes.ToList())));
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var events = Streamed(sample.deltas);
            var back = ReadStream(events, sample.sizes);
            Assert.Equal(NeutralText.Of(sample.deltas), NeutralText.Of(back));
            Assert.Equal(sample.deltas.Last(d => d.Usage is not null).Usage, back.Last(d => d.Usage is not null).Usage);
            Assert.Equal(back, ReadStream(events, [events.Length * 4]));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The stream's last event holds what the same answer is as a whole, and events are numbered without a gap.</summary>
    [Fact]
    public void Stream_ItsLastEvent_IsTheWholeResponse() => Prop.ForAll(NeutralGen.Streams.ToArbitrary(), deltas =>
    {
        var events = Streamed(deltas).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => JsonDocument.Parse(e[e.IndexOf('{', StringComparison.Ordinal)..]).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        var whole = new ResponseAnswerReader(Call()).Read(events[^1].GetProperty("response"));
        var items = events.Where(e => e.GetProperty("type").GetString() == "response.output_item.done").Select(e => e.GetProperty("item").GetProperty("id").GetString()).ToHashSet();
        Assert.Equal(events[^1].GetProperty("response").GetProperty("output").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToHashSet(), items);
        Assert.Equal(string.Concat(deltas.Select(d => d.Text)), whole.Text);
    }).QuickCheckThrowOnFailure();

    /// <summary>What each end of the request says is told back, as clients' libraries demand.</summary>
    [Fact]
    public void Answer_Written_TellsTheRequestBack()
    {
        using var json = JsonDocument.Parse(Written(new ChatResult { Id = "x", Model = "m", Parts = [new TextPart("Hi")], Finish = FinishReason.Length }));
        var root = json.RootElement;
        Assert.Equal("0.5", root.GetProperty("temperature").GetRawText());
        Assert.Equal("b", root.GetProperty("metadata").GetProperty("a").GetString());
        Assert.Equal("auto", root.GetProperty("tool_choice").GetString());
        Assert.Equal("incomplete", root.GetProperty("status").GetString());
        Assert.Equal("max_output_tokens", root.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.StartsWith(ResponseWriter.OwnId, root.GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    private static ChatRequest Read(string body)
    {
        Assert.True(ResponseTranslator.TryTranslate(Encoding.UTF8.GetBytes(body), out var read, out var error), error?.Message + body);
        return read;
    }

    private static byte[] Written(ChatResult result)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new ResponseWriter(s_asked, createdAt: 0);
        writer.Write(bytes, result);
        return bytes.WrittenSpan.ToArray();
    }

    private static string Streamed(IEnumerable<ChatDelta> deltas)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new ResponseWriter(s_asked, createdAt: 0);
        using var stream = new ResponseStreamWriter(bytes, writer);
        foreach (var delta in deltas)
        {
            stream.Write(delta);
        }

        stream.WriteEnd();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Reads a stream as an adapter does, in pieces of the given sizes.</summary>
    internal static List<ChatDelta> ReadStream(string events, List<int> sizes)
    {
        using var buffer = new SseBuffer();
        var reader = new ResponseAnswerReader(Call());
        var deltas = new List<ChatDelta>();
        var bytes = Encoding.UTF8.GetBytes(events);
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var size = Math.Min(Math.Min(sizes[i % sizes.Count], bytes.Length - at), buffer.Free().Length);
            bytes.AsMemory(at, size).CopyTo(buffer.Free());
            buffer.Advance(size);
            at += size;
            while (buffer.TryRead(atEnd: at == bytes.Length))
            {
                if (!buffer.Data.IsEmpty && !buffer.Data.SequenceEqual("[DONE]"u8))
                {
                    using var next = JsonDocument.Parse(buffer.Data.ToArray());
                    if (reader.ReadEvent(next.RootElement) is var delta && delta != default)
                    {
                        deltas.Add(delta);
                    }
                }

                buffer.Release();
            }
        }

        return deltas;
    }

    /// <summary>The protocol has no stop texts, and only it has names of schemas.</summary>
    private static string Text(ChatRequest request) =>
        NeutralText.Of(request with { Stop = [], Format = request.Format is null ? null : request.Format with { Name = null } });

    private static string Text(ChatResult result) => NeutralText.Of(
        result with { Id = "", Parts = [.. result.Parts.Select(part => part is ThinkingPart thinking ? thinking with { State = null } : part)] });

    private static ModelCall Call() =>
        new() { Model = Codec.Model(ProviderKind.OpenAi, "m"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
}
