using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.OpenAi.Responses;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Responses;
using Chat = ModelMigrate.Gateway.Ingress.OpenAi;
using Messages = ModelMigrate.Gateway.Ingress.Anthropic;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Pictures, documents, recordings and long texts go from any client protocol into any provider's without a string of their size, and as the same bytes.</summary>
public sealed class LongPartTests
{
    /// <summary>Bytes from which an object is a large one.</summary>
    private const int Large = 85_000;

    private const string Escaped = """iVBORw0KGgo\/\u002b\u003D""";

    private static readonly Dictionary<string, string> s_pictures = new(StringComparer.Ordinal)
    {
        ["chat"] = """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/png;base64,DATA"}}]}]}""",
        ["messages"] = """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image\/png","data":"DATA"}}]}]}
            """,
        ["responses"] = """{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image\/png;base64,DATA"}]}]}""",
    };

    private static readonly Dictionary<string, string> s_documents = new(StringComparer.Ordinal)
    {
        ["chat"] = """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application\/pdf;base64,DATA"}}]}]}""",
        ["messages"] = """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":[
              {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"DATA"}}]}]}
            """,
        ["responses"] = """{"model":"m","input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"DATA"}]}]}""",
    };

    private static readonly Dictionary<string, string[]> s_texts = new(StringComparer.Ordinal)
    {
        ["chat"] =
        [
            """{"model":"m","messages":[{"role":"user","content":"TEXT"}]}""",
            """{"model":"m","messages":[{"role":"system","content":"TEXT"},{"role":"user","content":[{"type":"text","text":"Hello"},{"type":"text","text":"there"}]}]}""",
            """
            {"model":"m","messages":[{"role":"user","content":"Hello"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"TEXT"}]}
            """,
        ],
        ["messages"] =
        [
            """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"TEXT"}]}""",
            """{"model":"m","max_tokens":9,"system":"TEXT","messages":[{"role":"user","content":[{"type":"text","text":"Hello"},{"type":"text","text":"there"}]}]}""",
            """{"model":"m","max_tokens":9,"system":[{"type":"text","text":"Be kind."},{"type":"text","text":"TEXT"}],"messages":[{"role":"user","content":"Hello"}]}""",
            """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":[
              {"type":"document","title":"Letters","source":{"type":"text","media_type":"text/plain","data":"TEXT"}},{"type":"text","text":"Hello"}]}]}
            """,
            """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"TEXT"}]}]}
            """,
        ],
        ["responses"] =
        [
            """{"model":"m","input":"TEXT"}""",
            """{"model":"m","instructions":"TEXT","input":[{"role":"user","content":[{"type":"input_text","text":"Hello"},{"type":"input_text","text":"there"}]}]}""",
            """
            {"model":"m","input":[{"role":"user","content":"Hello"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":"TEXT"}]}
            """,
        ],
    };

    public static IEnumerable<object[]> Translations =>
        from client in new[] { "chat", "messages", "responses" }
        from provider in new[] { "chat", "messages", "responses", "gemini", "bedrock" }
        select new object[] { client, provider };

    [Theory]
    [MemberData(nameof(Translations))]
    public void Picture_WithEscapes_ArrivesAsTheSameBytes(string client, string provider)
    {
        var request = Read(client, Encoding.UTF8.GetBytes(s_pictures[client].Replace("DATA", Escaped, StringComparison.Ordinal)));

        Assert.Equal(new ImagePart { MediaType = "image/png", Data = JsonText.Of("iVBORw0KGgo/+=") }, Assert.Single(Assert.Single(request.Turns).Parts));
        using var written = Write(provider, request);
        Assert.Contains(Texts(written), text => text.EndsWith("iVBORw0KGgo/+=", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Document_WithEscapes_ArrivesAsTheSameBytes(string client, string provider)
    {
        var request = Read(client, Encoding.UTF8.GetBytes(s_documents[client].Replace("DATA", Escaped, StringComparison.Ordinal)));

        Assert.Equal(
            new DocumentPart { MediaType = "application/pdf", Data = JsonText.Of("iVBORw0KGgo/+="), Title = "a.pdf" }, Assert.Single(Assert.Single(request.Turns).Parts));
        using var written = Write(provider, request);
        Assert.Contains(Texts(written), text => text.EndsWith("iVBORw0KGgo/+=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("gemini")]
    public void Recording_WithEscapes_ArrivesAsTheSameBytes(string provider)
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"wav","data":"DATA"}}]}]}""";

        var request = Read("chat", Encoding.UTF8.GetBytes(Body.Replace("DATA", Escaped, StringComparison.Ordinal)));

        Assert.Equal(new AudioPart("wav", JsonText.Of("iVBORw0KGgo/+=")), Assert.Single(Assert.Single(request.Turns).Parts));
        using var written = Write(provider, request);
        Assert.Contains("iVBORw0KGgo/+=", Texts(written));
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Picture_Large_AllocatesNothingOfItsSize(string client, string provider)
    {
        var data = string.Concat(Enumerable.Repeat(@"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAA\/", 8_000));
        var body = Encoding.UTF8.GetBytes(s_pictures[client].Replace("DATA", data, StringComparison.Ordinal));

        // The first time fills the pools, and compiles.
        Translate(client, provider, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Translate(client, provider, body);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Large);
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Text_Large_AllocatesNothingOfItsSize(string client, string provider)
    {
        var text = string.Concat(Enumerable.Repeat("""Wo ist mein Paket? \"K\u00f6ln\"\n""", 20_000));
        foreach (var sample in s_texts[client])
        {
            var body = Encoding.UTF8.GetBytes(sample.Replace("TEXT", text, StringComparison.Ordinal));
            using var written = Write(provider, Read(client, body), body.Length);
            Assert.Contains(Texts(written), said => said.EndsWith(string.Concat(Enumerable.Repeat("Wo ist mein Paket? \"Köln\"\n", 20_000)), StringComparison.Ordinal));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Translate(client, provider, body);

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Large);
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("messages")]
    [InlineData("responses")]
    public void Text_LargeWithHalfASurrogatePair_IsRefused(string client)
    {
        var body = Encoding.UTF8.GetBytes(s_texts[client][0].Replace("TEXT", new string('x', 100_000) + @"\ud83d", StringComparison.Ordinal));

        Assert.False(TryRead(client, body, out _, out var error));
        Assert.Contains("surrogate", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("messages")]
    [InlineData("responses")]
    public void Picture_HalfASurrogatePairInItsData_IsRefused(string client)
    {
        var body = Encoding.UTF8.GetBytes(s_pictures[client].Replace("DATA", @"iVBOR\ud83d", StringComparison.Ordinal));

        Assert.False(TryRead(client, body, out _, out var error));
        Assert.Contains("surrogate", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"data:image/png;base64\u002ciVBORw0KGgo=", "image/png", "iVBORw0KGgo=")]
    [InlineData("DATA:image/jpg;charset=utf-8;BASE64,/9j/", "image/jpeg", "/9j/")]
    public void Picture_AddressWrittenOtherwise_IsTakenApart(string url, string mediaType, string data)
    {
        var request = Read("chat", Encoding.UTF8.GetBytes(s_pictures["chat"].Replace(@"data:image\/png;base64,DATA", url, StringComparison.Ordinal)));

        Assert.Equal(new ImagePart { MediaType = mediaType, Data = JsonText.Of(data) }, Assert.Single(Assert.Single(request.Turns).Parts));
    }

    [Theory]
    [InlineData("https://example.com/a,b.png?base64,c")]
    [InlineData(@"https:\/\/example.com\/a.png")]
    [InlineData("data:image/png,raw")]
    [InlineData("data:;base64,iVBORw0KGgo=")]
    public void Picture_AddressThatHoldsNone_StaysAnAddress(string url)
    {
        var request = Read("chat", Encoding.UTF8.GetBytes(s_pictures["chat"].Replace(@"data:image\/png;base64,DATA", url, StringComparison.Ordinal)));

        Assert.Equal(new ImagePart { Url = url.Replace(@"\/", "/", StringComparison.Ordinal) }, Assert.Single(Assert.Single(request.Turns).Parts));
    }

    private static void Translate(string client, string provider, byte[] body)
    {
        using var written = Write(provider, Read(client, body), body.Length);
        Assert.InRange(written.Length, body.Length - 500, body.Length + 500);
    }

    private static ChatRequest Read(string client, byte[] body)
    {
        Assert.True(TryRead(client, body, out var request, out var error), error?.Message);
        return request!;
    }

    private static bool TryRead(string client, byte[] body, out ChatRequest? request, out ChatError? error) => client switch
    {
        "chat" => Chat.Translating.Translator.TryTranslate(body, out request, out error),
        "messages" => Messages.Translating.Translator.TryTranslate(body, out request, out error),
        _ => ResponseTranslator.TryTranslate(body, out request, out error),
    };

    private static PooledBytes Write(string provider, ChatRequest request, int expected = 0) => provider switch
    {
        "chat" => OpenAiRequestWriter.Write(Codec.Model(ProviderKind.OpenAi), request, stream: false, new ChangeList(), expected),
        "messages" => AnthropicRequestWriter.Write(Codec.Model(ProviderKind.Anthropic), request, stream: false, new ChangeList(), expected),
        "responses" => ResponseRequestWriter.Write(Codec.Model(ProviderKind.OpenAi), request, stream: false, new ChangeList(), expected),
        "gemini" => GeminiRequestWriter.Write(Codec.Model(ProviderKind.Gemini), request, new ChangeList(), expected),
        _ => BedrockRequestWriter.Write(Codec.Model(ProviderKind.Bedrock), request, new ChangeList(), expected),
    };

    private static List<string> Texts(PooledBytes written)
    {
        using var json = JsonDocument.Parse(written.Memory);
        return [.. TextsOf(json.RootElement)];
    }

    private static IEnumerable<string> TextsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => TextsOf(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(TextsOf),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };
}
