using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Gateway.Ingress.OpenAi;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Tests.Providers;

public sealed class PassthroughPropertyTests
{
    private static readonly string[] Lines = ["data: {\"a\":1}", "data:x", "data", "data: ", ": comment", "event: e", "id: 1", "data: ünï", "garbage"];

    private static readonly Gen<string> Fields = Gen.Elements(
        "\"temperature\" : 0.70", "\"top_p\":1e0", "\"x\":{\"model\":\"no\",\"stream_options\":[]}", "\"metadata\":{\"a\":[1,2,{\"b\":null}]}",
        "\"seed\":12345678901234567890", "\"note\":\"\\u00e9\\n\\\"model\\\":\"", "\"tools\":[{\"function\":{\"name\":\"f\"}}]", "\"big\":1.0000000000000000001");

    [Fact]
    public void Sent_AnyBody_EqualsTheOriginalButForTheModel() =>
        Prop.ForAll(Bodies().ToArbitrary(), body =>
        {
            var text = Encoding.UTF8.GetBytes(body);
            Assert.True(Reader.TryRead(text, out var read, out _), body);
            var sent = Send(read!, addUsage: false);
            return sent == body.Replace("\"model\":\"chat\"", "\"model\":\"other \\u0022name\\u0022\"", StringComparison.Ordinal)
                .Replace("\"model\" : \"ch\\u0061t\"", "\"model\" : \"other \\u0022name\\u0022\"", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sent_AnyMessagesBody_EqualsTheOriginalButForTheModel() =>
        Prop.ForAll(Bodies().ToArbitrary(), body =>
        {
            Assert.True(ModelMigrate.Gateway.Ingress.Anthropic.Reader.TryRead(Encoding.UTF8.GetBytes(body), out var read, out _), body);
            return Send(read, addUsage: true) == body.Replace("\"model\":\"chat\"", "\"model\":\"other \\u0022name\\u0022\"", StringComparison.Ordinal)
                .Replace("\"model\" : \"ch\\u0061t\"", "\"model\" : \"other \\u0022name\\u0022\"", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sent_UsageAdded_SameJsonButForThatOneWish() =>
        Prop.ForAll(Bodies().ToArbitrary(), body =>
        {
            Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(body), out var read, out _), body);
            var sent = JsonNode.Parse(Send(read!, addUsage: true))!.AsObject();
            var original = JsonNode.Parse(body)!.AsObject();
            original["model"] = "other \"name\"";
            if (read!.Stream)
            {
                var options = original["stream_options"] as JsonObject ?? [];
                original["stream_options"] = options.Parent is null ? options : options.DeepClone();
                original["stream_options"]!["include_usage"] = true;
            }

            return JsonNode.DeepEquals(sent, original);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Events_AnySplit_SameEventsAndSameBytes()
    {
        var lines = Gen.Elements(Lines).ListOf(4).Select(some => string.Join('\n', some) + "\n\n").ListOf(5).Select(string.Concat);
        var ends = Gen.Elements("\n", "\r\n", "\r");
        var sizes = Gen.Choose(1, 40).ListOf(20);
        var cases = lines.SelectMany(text => ends.SelectMany(end => sizes.Select(cuts => (text.ReplaceLineEndings(end), cuts.ToList()))));
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var (text, cuts) = sample;
            var bytes = Encoding.UTF8.GetBytes(text);
            var (whole, wholeBytes) = Read(bytes, [bytes.Length]);
            var (split, splitBytes) = Read(bytes, cuts);
            return whole.SequenceEqual(split) && wholeBytes.SequenceEqual(bytes) && splitBytes.SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();
    }

    private static Gen<string> Bodies()
    {
        var model = Gen.Elements("\"model\":\"chat\"", "\"model\" : \"ch\\u0061t\"");
        var options = Gen.Elements(
            "", ",\"stream_options\":null", ",\"stream_options\":{}", ",\"stream_options\": { \"x\":1 }", ",\"stream_options\":{\"include_usage\":false,\"y\":2}",
            ",\"stream_options\":{\"include_usage\":true}", ",\"stream_options\":{\"z\":[],\"include_usage\":null}");
        var stream = Gen.Elements("", ",\"stream\":true", ",\"stream\": false");
        return from m in model
               from o in options
               from s in stream
               from before in Fields
               from after in Fields
               from modelFirst in Gen.Elements(true, false)
               where before != after
               let messages = "\"messages\":[{\"role\":\"user\",\"content\":\"\\\"model\\\":\\\"chat\\\" ü\"}]"
               select modelFirst
                   ? $"{{ {m},{before},{messages}{s}{o},\n{after}}}"
                   : $"{{\t{before},{messages}{o}{s},{m} ,{after} }}";
    }

    private static string Send(ChatBody body, bool addUsage)
    {
        using var content = new ChatBodyContent(body, JsonSerializer.SerializeToUtf8Bytes("other \"name\""), addUsage);
        using var stream = new MemoryStream();
        content.CopyToAsync(stream).GetAwaiter().GetResult();
        Assert.Equal(content.Headers.ContentLength, stream.Length);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static (List<string> Data, List<byte> Bytes) Read(byte[] bytes, List<int> cuts)
    {
        using var buffer = new SseBuffer();
        var data = new List<string>();
        var passed = new List<byte>();
        var at = 0;
        for (var i = 0; at < bytes.Length; i++)
        {
            var size = Math.Min(Math.Min(cuts[i % cuts.Count], bytes.Length - at), buffer.Free().Length);
            bytes.AsMemory(at, size).CopyTo(buffer.Free());
            buffer.Advance(size);
            at += size;
            while (buffer.TryRead(atEnd: at == bytes.Length))
            {
                data.Add(Encoding.UTF8.GetString(buffer.Data));
            }

            if (i % 2 == 0)
            {
                passed.AddRange(buffer.Held.Span);
                buffer.Release();
            }
        }

        passed.AddRange(buffer.Held.Span);
        return (data, passed);
    }
}
