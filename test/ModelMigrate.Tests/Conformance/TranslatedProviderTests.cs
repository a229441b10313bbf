using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>Models whose protocol is not the client's, behind a running gateway: clients of both protocols, streamed and not.</summary>
public sealed class TranslatedProviderTests
{
    public static TheoryData<string, ProviderKind, bool> Cases()
    {
        var cases = new TheoryData<string, ProviderKind, bool>();
        foreach (var (provider, client) in from provider in new[] { "gemini", "bedrock", "responses" } from client in ChatSamples.Clients select (provider, client))
        {
            cases.Add(provider, client, false);
            cases.Add(provider, client, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Chat_OfAnyClient_AnsweredInItsProtocol(string provider, ProviderKind client, bool stream)
    {
        var samples = SamplesOf(provider);
        await using var rig = await KitRig.StartAsync(samples, stream ? samples.Stream([.. samples.Events]) : StubUpstream.Json(samples.Whole));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(rig.Model));

        using var answer = await SendAsync(gateway, client, stream);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(stream ? samples.StreamTarget : samples.Target, rig.Upstream.Requests.Single().Target);
        Assert.Contains(stream ? "\"Hi\"" : "there\"", text, StringComparison.Ordinal);
        Assert.Contains(client == ProviderKind.OpenAi ? "\"finish_reason\":\"stop\"" : "\"stop_reason\":\"end_turn\"", text, StringComparison.Ordinal);
        Assert.Equal(stream && client == ProviderKind.OpenAi, text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.DoesNotContain(KitRig.Key, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("bedrock")]
    [InlineData("responses")]
    public async Task Stream_CutAfterItsFirstWords_EndsInAnErrorAndNotInASuccess(string provider)
    {
        var samples = SamplesOf(provider);
        await using var rig = await KitRig.StartAsync(samples, samples.Stream([.. samples.Events.Take(samples.BeforeContent + 1)]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(rig.Model));

        using var answer = await SendAsync(gateway, ProviderKind.OpenAi, stream: true);

        var text = await ReadAsync(answer);
        Assert.Contains("\"Hi\"", text, StringComparison.Ordinal);
        Assert.Contains("broke off", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"finish_reason\":\"stop\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("bedrock")]
    [InlineData("responses")]
    public async Task Target_ThatFails_IsRescuedByTheSource(string provider)
    {
        var samples = SamplesOf(provider);
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var rig = await KitRig.StartAsync(samples, StubUpstream.Json(samples.Error("no"), 503));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), rig.Model));

        using var answer = await SendAsync(gateway, ProviderKind.OpenAi, stream: false);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Single(source.Requests);
        Assert.NotEmpty(rig.Upstream.Requests);
    }

    /// <summary>A recording in a message goes where the protocol has a word for it; elsewhere the answer would be a wrong one.</summary>
    [Theory]
    [InlineData("gemini", 200, "\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"AA==\"}")]
    [InlineData("bedrock", 400, null)]
    [InlineData("responses", 400, null)]
    public async Task Audio_InAMessage_GoesOnlyWhereItCanBeSaid(string provider, int status, string? sent)
    {
        var samples = SamplesOf(provider);
        await using var rig = await KitRig.StartAsync(samples, StubUpstream.Json(samples.Whole));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(rig.Model));

        using var answer = await gateway.PostAsync(
            """{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"What?"},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}""");

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        if (sent is null)
        {
            Assert.Contains("'messages.content' cannot be carried to the model", text, StringComparison.Ordinal);
            Assert.Empty(rig.Upstream.Requests);
        }
        else
        {
            Assert.Contains(sent, rig.Upstream.Requests.Single().Text, StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("x-model-migrate-changes"));
        }
    }

    private static KitSamples SamplesOf(string provider) => provider switch
    {
        "gemini" => new GeminiSamples(),
        "bedrock" => new BedrockSamples(Signs: true),
        _ => new ResponsesSamples(),
    };

    /// <summary>What arrives before the gateway hangs up, as it does behind a stream that failed.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        var read = new MemoryStream();
        try
        {
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(read);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Expected.
        }

        return Encoding.UTF8.GetString(read.ToArray());
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost gateway, ProviderKind client, bool stream)
    {
        var body = client == ProviderKind.OpenAi
            ? $$"""{"model":"chat","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello"}]}"""
            : $$"""{"model":"chat","max_tokens":9,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello"}]}""";
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, client == ProviderKind.OpenAi ? "/v1/chat/completions" : "/v1/messages"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return await gateway.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }
}
