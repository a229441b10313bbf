// The library marks all of these as subject to change.
#pragma warning disable OPENAI001

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.EndToEnd;
using ModelMigrate.Tests.Support;
using OpenAI.Responses;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>OpenAI's own libraries read a stream of responses that its provider began and another model ended: to an application it is one whole answer.</summary>
public sealed class ResumedSdkTests
{
    private static readonly string[] s_samples = [.. new ResponsesSamples().Events];

    /// <summary>The stream up to its first token, its first two events whole, numbered and dated as OpenAI's are.</summary>
    private static readonly string s_begun = string.Concat(new[] { s_samples[0], s_samples[0].Replace("response.created", "response.in_progress", StringComparison.Ordinal) }
        .Concat(s_samples[2..5]).Select((e, i) => e
            .Replace("data: {", $"data: {{\"sequence_number\":{i},", StringComparison.Ordinal)
            .Replace("\"object\":\"response\"", "\"object\":\"response\",\"created_at\":1700000000", StringComparison.Ordinal)));

    [Fact]
    public async Task DotNetSdk_ResumedStream_OneWholeAnswer()
    {
        await using var servers = await ServersAsync();
        var client = new ResponsesClient(
            new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new Uri(servers.Gateway.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });
        var (text, ended) = ("", "");
        var numbers = new List<int>();
        ResponseResult? whole = null;

        await foreach (var update in await client.CreateResponseStreamingAsync(
            new CreateResponseOptions("chat", [ResponseItem.CreateUserMessageItem("Hello")]) { StreamingEnabled = true, StoredOutputEnabled = false }))
        {
            numbers.Add(update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            ended = (update as StreamingResponseOutputTextDoneUpdate)?.Text ?? ended;
            whole = (update as StreamingResponseCompletedUpdate)?.Response ?? whole;
            if (text == "Hi")
            {
                servers.Model.Requests.First().Cut.TrySetResult();
            }
        }

        Assert.Equal(("Hi there", "Hi there", "Hi there"), (text, ended, whole?.GetOutputText()));
        Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        Assert.Equal(("resp_1", "m1", ResponseStatus.Completed), (whole!.Id, Assert.Single(whole.OutputItems).Id, whole.Status));
    }

    [NodeFact]
    [Trait("kind", "slow")]
    public async Task NodeSdk_ResumedStream_OneWholeAnswer()
    {
        await using var servers = await ServersAsync();
        await using var client = ChildProcess.Start("node", [Path.Combine(Node.Folder, "resumed.mjs"), new Uri(servers.Gateway.Url, "/v1").ToString(), "chat"]);

        await client.WaitForAsync(line => line.Contains("Hi", StringComparison.Ordinal) ? line : null, TimeSpan.FromSeconds(60));
        servers.Model.Requests.Single().Cut.SetResult();
        Assert.True(await client.WaitForExitAsync(TimeSpan.FromSeconds(60)) == 0, client.Output);

        var got = JsonDocument.Parse(client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Equal("Hi there", got.GetProperty("text").GetString());
        Assert.Equal(("resp_1", "completed", "Hi there"), (got.GetProperty("id").GetString(), got.GetProperty("status").GetString(), got.GetProperty("whole").GetString()));
        Assert.Equal(["m1"], got.GetProperty("items").EnumerateArray().Select(item => item.GetString()));
    }

    /// <summary>A model that falls silent after its first token, and another one, of another protocol, that goes on.</summary>
    private static async Task<Servers> ServersAsync()
    {
        var messages = FaultProtocol.Of("messages");
        var model = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(s_begun));
        var other = await StubUpstream.StartAsync(messages.Continuation(messages.Rest));
        var gateway = await GatewayHost.StartAsync(GatewayHost.Route(
            GatewayHost.Model("m", model) with { InResponses = true }, limits: null, GatewayHost.Model("f", other, messages.Kind) with { Prefill = true }) with { OnCut = CutPolicy.Resume });
        return new Servers(gateway, model, other);
    }

    private sealed record Servers(GatewayHost Gateway, StubUpstream Model, StubUpstream Other) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Model.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
