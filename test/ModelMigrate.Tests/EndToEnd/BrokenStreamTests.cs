using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>An answer that breaks off in the middle is an error in the application, not a quiet end.</summary>
[Trait("kind", "slow")]
public sealed class BrokenStreamTests
{
    [NodeFact]
    public async Task NodeSdk_OpenAiProviderBreaks_ApplicationGetsAnError() => await RunAsync(ProviderKind.OpenAi, ChatSamples.Chunks[..3]);

    [NodeFact]
    public async Task NodeSdk_AnthropicProviderBreaks_ApplicationGetsAnError() => await RunAsync(ProviderKind.Anthropic, ChatSamples.AnthropicEvents[..5]);

    private static async Task RunAsync(ProviderKind kind, string[] events)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(events));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));
        await using var client = ChildProcess.Start("node", [Path.Combine(Node.Folder, "broken.mjs"), new Uri(gateway.Url, "/v1").ToString(), "chat"]);

        await client.WaitForAsync(line => line.Contains("Hi there", StringComparison.Ordinal) ? line : null, TimeSpan.FromSeconds(60));
        upstream.Requests.Single().Cut.SetResult();
        Assert.Equal(0, await client.WaitForExitAsync(TimeSpan.FromSeconds(60)));

        var got = JsonDocument.Parse(client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Equal("Hi there", got.GetProperty("text").GetString());
        Assert.Equal("APIError", got.GetProperty("error").GetString());
        Assert.Contains("broke off in the middle", got.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
