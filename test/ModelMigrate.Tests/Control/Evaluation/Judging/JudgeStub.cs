using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation.Judging;

/// <summary>A judge on a real Kestrel, asked through the adapter that asks real ones. What it says is a function of what it reads.</summary>
internal sealed class JudgeStub : IAsyncDisposable
{
    private readonly StubUpstream _upstream;
    private readonly ProviderConnections _connections = new(TimeProvider.System);

    private JudgeStub(StubUpstream upstream) => _upstream = upstream;

    public Uri Url => new(_upstream.Url, "/v1");

    public int Calls => _upstream.Requests.Count;

    public IEnumerable<JsonNode> Requests => _upstream.Requests.Select(request => JsonNode.Parse(request.Body)!);

    /// <summary>What the judge was told to do, and what it was given to judge, of each call.</summary>
    public IEnumerable<(string Instructions, JsonNode Material)> Read => Requests.Select(Parts);

    /// <summary><paramref name="say"/>: from instructions and material to the answer's text.</summary>
    public static async Task<JudgeStub> StartAsync(Func<string, JsonNode, string> say) => new(await StubUpstream.StartAsync((context, received) =>
    {
        var (instructions, material) = Parts(JsonNode.Parse(received.Body)!);
        return StubUpstream.Json(Answer(say(instructions, material)))(context, received);
    }));

    public static async Task<JudgeStub> OfAsync(StubUpstream.Answer answer) => new(await StubUpstream.StartAsync(answer));

    /// <summary>A judge of pairs: <paramref name="winner"/> from both answers to first, second or tie.</summary>
    public static Task<JudgeStub> PairsAsync(Func<string, string, string> winner) => StartAsync((_, material) => Verdict(winner(material["first"]!.GetValue<string>(), material["second"]!.GetValue<string>())));

    public static string Verdict(string winner) => JsonSerializer.Serialize(new { reason = "Because.", winner });

    /// <summary>A whole answer of the provider's with this text, 100 tokens in and 10 out.</summary>
    public static string Answer(string text) => $$$"""
        {"id":"c1","object":"chat.completion","created":1,"model":"judge-2026-11","choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}}
        """;

    public JudgeModel Model(JudgeLimits? limits = null)
    {
        var model = Snapshots.Model("judge", ProviderKind.OpenAi, Url.ToString()) with { InputCostPer1K = 0.001m, OutputCostPer1K = 0.01m };
        return new JudgeModel(model, Adapters.For(model, _connections, TimeProvider.System), limits ?? new JudgeLimits(), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _connections.Dispose();
        await _upstream.DisposeAsync();
    }

    private static (string Instructions, JsonNode Material) Parts(JsonNode request)
    {
        var messages = request["messages"]!.AsArray();
        return (Text(messages[0]!["content"]!), JsonNode.Parse(Text(messages[1]!["content"]!))!);
    }

    private static string Text(JsonNode content) => content is JsonArray parts ? string.Concat(parts.Select(part => part!["text"]!.GetValue<string>())) : content.GetValue<string>();
}
