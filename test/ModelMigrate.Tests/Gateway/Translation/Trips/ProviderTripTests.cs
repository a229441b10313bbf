using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Tests.Gateway.Translation.Trips;

/// <summary>What a provider of generateContent or Converse can say is read without loss, whole and streamed, however its bytes are split.</summary>
public sealed class ProviderTripTests
{
    private static readonly Gen<(List<ChatDelta> Deltas, List<int> Sizes)> s_streams =
        NeutralGen.Streams.SelectMany(deltas => Gen.Choose(1, 60).ListOf(9).Select(sizes => (deltas, sizes.ToList())));

    [Fact]
    public void GeminiAnswer_WrittenByTheProvider_IsReadWhole() => Prop.ForAll(NeutralGen.Results.ToArbitrary(), result =>
    {
        var (said, body) = (GeminiWords.Sayable(result), GeminiWords.Whole(result));
        var read = new GeminiAnswerReader(Call(ProviderKind.Gemini)).Read(JsonSerializer.Deserialize(body, GeminiJson.Default.GeminiWire)!);
        Assert.Equal(NeutralText.Of(said), NeutralText.Of(read));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void BedrockAnswer_WrittenByTheProvider_IsReadWhole() => Prop.ForAll(NeutralGen.Results.ToArbitrary(), result =>
    {
        var (said, body) = (BedrockWords.Sayable(result), BedrockWords.Whole(result));
        var read = new BedrockAnswerReader(Call(ProviderKind.Bedrock)).Read(JsonSerializer.Deserialize(body, BedrockJson.Default.BedrockWire)!);
        Assert.Equal(NeutralText.Of(said), NeutralText.Of(read));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void GeminiStream_WrittenByTheProviderAndReadInAnySplit_IsTheSame() => Prop.ForAll(s_streams.ToArbitrary(), sample =>
    {
        var bytes = Encoding.UTF8.GetBytes(GeminiWords.Events(sample.Deltas));
        var back = ReadGemini(bytes, sample.Sizes);
        AssertSame(sample.Deltas, back, GeminiWords.Sayable(UsageOf(sample.Deltas)));
        Assert.Equal(back, ReadGemini(bytes, [bytes.Length]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void BedrockStream_WrittenByTheProviderAndReadInAnySplit_IsTheSame() => Prop.ForAll(s_streams.ToArbitrary(), sample =>
    {
        var bytes = BedrockWords.Events(sample.Deltas);
        var back = ReadBedrock(bytes, sample.Sizes);
        AssertSame(sample.Deltas, back, UsageOf(sample.Deltas));
        Assert.Equal(back, ReadBedrock(bytes, [bytes.Length]));
    }).QuickCheckThrowOnFailure();

    private static void AssertSame(List<ChatDelta> said, List<ChatDelta> read, Usage usage)
    {
        Assert.Equal(NeutralText.Of(said), NeutralText.Of(read));
        Assert.Equal(said.Where(d => d.State is not null).Select(d => d.State!.Data), read.Where(d => d.State is not null).Select(d => d.State!.Data));
        Assert.Equal(usage, UsageOf(read));
    }

    private static List<ChatDelta> ReadGemini(byte[] bytes, List<int> sizes)
    {
        using var buffer = new SseBuffer();
        var reader = new GeminiAnswerReader(Call(ProviderKind.Gemini));
        var deltas = new List<ChatDelta>();
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var size = Math.Min(Math.Min(sizes[i % sizes.Count], bytes.Length - at), buffer.Free().Length);
            bytes.AsMemory(at, size).CopyTo(buffer.Free());
            buffer.Advance(size);
            at += size;
            while (buffer.TryRead(atEnd: at == bytes.Length))
            {
                var chunk = new List<ChatDelta>();
                reader.ReadChunk(JsonSerializer.Deserialize(buffer.Data, GeminiJson.Default.GeminiWire)!, chunk);
                deltas.AddRange(chunk);
                buffer.Release();
            }
        }

        return [.. deltas, reader.End()!.Value];
    }

    private static List<ChatDelta> ReadBedrock(byte[] bytes, List<int> sizes)
    {
        using var events = new EventStream();
        var reader = new BedrockAnswerReader(Call(ProviderKind.Bedrock));
        var deltas = new List<ChatDelta>();
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var free = events.Free();
            var size = Math.Min(Math.Min(sizes[i % sizes.Count], bytes.Length - at), free.Length);
            bytes.AsMemory(at, size).CopyTo(free);
            events.Advance(size);
            at += size;
            while (events.TryRead())
            {
                deltas.Add(reader.ReadEvent(events.Type, JsonSerializer.Deserialize(events.Payload, BedrockJson.Default.BedrockWire))!.Value);
            }
        }

        Assert.Equal((false, false), (events.IsBroken, events.HasPartial));
        return deltas;
    }

    private static Usage UsageOf(List<ChatDelta> deltas) => deltas.Last(d => d.Usage is not null).Usage!.Value;

    /// <summary>A model of the family that the generated thinking is tagged with.</summary>
    private static ModelCall Call(ProviderKind kind) =>
        new() { Model = Codec.Model(kind, "claude"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
}
