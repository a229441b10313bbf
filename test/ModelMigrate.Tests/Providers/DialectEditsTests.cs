using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Gateway.Ingress.OpenAi;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Tests.Gateway.Translation;

namespace ModelMigrate.Tests.Providers;

public sealed class DialectEditsTests
{
    private static readonly string[] s_rejects = ["temperature", "logprobs", "max_completion_tokens", "user", "messages.name", "messages.reasoning_content"];

    private static readonly Gen<string> Fields = Gen.Elements(
        "\"temperature\" : 0.70", "\"top_p\":1e0", "\"x\":{\"temperature\":1,\"user\":[]}", "\"logprobs\":true", "\"max_completion_tokens\":7", "\"user\" : \"u,}\"",
        "\"seed\":12345678901234567890", "\"note\":\"\\u00e9\\n\\\"user\\\":\"", "\"log\\u0070robs\": null");

    private static readonly Gen<string> Messages = Gen.Elements(
        """{"role":"user","content":"Hello"}""", """{"name":"n","role":"user","content":[{"type":"text","text":"a","name":"kept"}]}""", """{"role":"user","content":"x" , "name" : "n"}""",
        """{"role":"assistant","content":null,"reasoning_content":"t","name":"n","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        """{"role":"tool","tool_call_id":"call_1","content":"R"}""", "{\"name\":\"n\"}", "{ }");

    [Fact]
    public void Sent_AnyBody_IsTheOriginalWithoutWhatIsRejected() =>
        Prop.ForAll(Bodies().ToArbitrary(), body =>
        {
            var model = Model(s_rejects, ProviderQuirks.None);
            var expected = JsonNode.Parse(body)!.AsObject();
            expected["model"] = "m";
            foreach (var name in new[] { "temperature", "logprobs", "user" })
            {
                expected.Remove(name);
            }

            if (expected.ContainsKey("max_completion_tokens"))
            {
                expected["max_tokens"] = expected["max_completion_tokens"]!.DeepClone();
                expected.Remove("max_completion_tokens");
            }

            foreach (var message in expected["messages"]!.AsArray().Select(message => message!.AsObject()))
            {
                message.Remove("name");
                message.Remove("reasoning_content");
            }

            return JsonNode.DeepEquals(JsonNode.Parse(Send(body, model)), expected);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sent_NothingRejected_IsTheSameBytesButForTheModel() =>
        Prop.ForAll(Bodies().ToArbitrary(), body =>
            Send(body, Model(["verbosity"], ProviderQuirks.None)) == body.Replace("\"model\":\"chat\"", "\"model\":\"m\"", StringComparison.Ordinal)).QuickCheckThrowOnFailure();

    [Fact]
    public void Sent_BothLimits_TheOlderOneStays()
    {
        const string Body = """{"model":"chat","max_tokens":5,"max_completion_tokens":7,"messages":[]}""";

        Assert.Equal("""{"model":"m","max_tokens":5,"messages":[]}""", Send(Body, Model(["max_completion_tokens"], ProviderQuirks.None)));
    }

    [Fact]
    public void Sent_IdsOfCalls_MeetTheirResultsInNineLetters()
    {
        const string Body = """
            {"model":"chat","messages":[{"role":"assistant","tool_calls":[{"id":"call_abcdef","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"abcdefghi"}]},
            {"role":"tool","tool_call_id":"call_abcdef","content":"R"},{"role":"tool","tool_call_id":"abcdefghi","content":"S"}]}
            """;

        var sent = JsonNode.Parse(Send(Body, Model([], new ProviderQuirks { ShortCallIds = true })))!["messages"]!.AsArray();

        var id = sent[0]!["tool_calls"]![0]!["id"]!.GetValue<string>();
        Assert.Matches("^[a-zA-Z0-9]{9}$", id);
        Assert.Equal(id, sent[1]!["tool_call_id"]!.GetValue<string>());
        Assert.Equal("abcdefghi", sent[0]!["tool_calls"]![1]!["id"]!.GetValue<string>());
        Assert.Equal("abcdefghi", sent[2]!["tool_call_id"]!.GetValue<string>());
    }

    private static string Send(string body, ModelSnapshot model)
    {
        Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(body), out var read, out _), body);
        using var content = new EditedBodyContent(read, "\"m\""u8.ToArray(), addUsage: false, DialectEdits.Find(read.Bytes.Span, model, new ChangeList()));
        var bytes = content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        Assert.Equal(content.Headers.ContentLength, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    private static ModelSnapshot Model(IReadOnlyList<string> rejects, ProviderQuirks quirks)
    {
        var model = Codec.Model(ProviderKind.OpenAi);
        return model with { Rejects = rejects, Provider = model.Provider with { Quirks = quirks } };
    }

    private static Gen<string> Bodies() =>
        from fields in Fields.ListOf()
        from messages in Messages.NonEmptyListOf()
        from at in Gen.Choose(0, 10)
        let own = fields.DistinctBy(field => field.Replace("\\u0070", "p", StringComparison.Ordinal).Split('"')[1]).ToList()
        let all = own.Take(at).Append("\"model\":\"chat\"").Append($"\"messages\": [{string.Join(" ,", messages)}]").Concat(own.Skip(at))
        select "{ " + string.Join(" , ", all) + "}";
}
