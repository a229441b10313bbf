using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

public sealed class ResponsesClientTests : ModelClientKit
{
    internal override KitSamples Samples { get; } = new ResponsesSamples();

    /// <summary>The deployment stands in the body there, and not in the path.</summary>
    [Fact]
    public async Task Azure_DatedSurface_AskedBelowTheResource()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Samples.Whole));
        var model = KitRig.ModelOf("kind: azure, apiKey: \"${KEY}\", apiVersion: \"2025-04-01-preview\"", upstream.Url, Samples.Model);
        using var connections = new ProviderConnections(TimeProvider.System);

        var answer = await Adapters.For(model, connections, TimeProvider.System).CompleteAsync(
            new ModelCall { Model = model, Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } }, default);

        Assert.True(answer.IsOk, answer.Error?.Message);
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal("/openai/responses?api-version=2025-04-01-preview", sent.Target);
        Assert.Contains("\"model\":\"m-name\"", sent.Text, StringComparison.Ordinal);
    }
}
