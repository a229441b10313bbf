using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Samples that stay in their own protocol: the provider gets the client's bytes, and the client the provider's.</summary>
public sealed class GoldenPassTests
{
    /// <summary>Where what passes differs from what the other gateway makes of it: the members that do, and why ours is right.</summary>
    private static readonly Dictionary<string, (string Members, string Why)> s_differences = new()
    {
        ["openai/openrouter_reasoning.json"] = ("usage", "null details are the provider's own words, which the other drops when it reads and writes the answer anew."),
        ["vectors/gemini-embeddings.json"] = ("data", "the provider's 17 digits stay as it wrote them; the other reads them as doubles and writes as many as those need."),
        ["responses/assistant-history.json"] = ("input", "their test adds prompts before and behind."),
        ["openai/tool_call.json"] = ("choices", "content null beside calls is the provider's own word, and libraries look for the member."),
    };

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    public static TheoryData<string> Requests => [.. Files("messages", "embeddings", "responses")];

    /// <summary>A count of tokens is an answer to another path.</summary>
    public static TheoryData<string> Answers => [.. Files("anthropic", "openai", "vectors", "outputs").Where(file => !file.Contains("count_tokens", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_EveryFile_ReachesItsProviderAsItIsButForTheModel(string file)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}", 400));
        var body = Text(file);
        var model = JsonNode.Parse(body)!["model"]!.GetValue<string>();

        using var response = await PostAsync(upstream, model, file == "messages/count_tokens.json" ? "/v1/messages/count_tokens" : PathOf(file), body);

        Assert.Equal(body.Replace($"\"{model}\"", "\"m-name\"", StringComparison.Ordinal), Assert.Single(upstream.Requests).Text);
        AssertAgrees(file, JsonNode.Parse(body)!.AsObject(), "request");
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_EveryFile_ReachesItsClientAsItIs(string file)
    {
        var body = Text(file);
        var streamed = !body.StartsWith('{');
        await using var upstream = await StubUpstream.StartAsync(streamed ? StubUpstream.Events(body) : StubUpstream.Json(body));
        var ask = file.StartsWith("vectors/", StringComparison.Ordinal) || file.StartsWith("outputs/", StringComparison.Ordinal)
            ? $$"""{"model":"chat","input":"Hello","stream":{{(streamed ? "true" : "false")}}}"""
            : $$"""{"model":"chat","max_tokens":9,"stream":{{(streamed ? "true" : "false")}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello"}]}""";

        using var response = await PostAsync(upstream, "chat", PathOf(file), file.StartsWith("anthropic/", StringComparison.Ordinal) ? ask.Replace("\"stream_options\":{\"include_usage\":true},", "", StringComparison.Ordinal) : ask);

        Assert.Equal(200, (int)response.StatusCode);

        // A comment behind the end mark is behind the answer's end.
        var end = body.IndexOf("\n\n: ", StringComparison.Ordinal);
        Assert.Equal(end < 0 ? body : body[..(end + 2)], await response.Content.ReadAsStringAsync());
        if (!streamed)
        {
            AssertAgrees(file, JsonNode.Parse(body)!.AsObject(), "response");
        }
        else if (SnapOf(file) is { } snap)
        {
            // The other's test masks ids.
            Assert.Equal(Events(body).Select(Masked), Events(snap).Select(Masked));
        }
    }

    private static void AssertAgrees(string file, JsonObject ours, string member)
    {
        if (SnapOf(file) is not { } snap)
        {
            return;
        }

        var theirs = JsonNode.Parse(snap.Split("\n---\n")[^1])![member]!.AsObject();
        Mask(ours["output"]);
        Mask(theirs["output"]);
        var differing = ours.Select(p => p.Key).Union(theirs.Select(p => p.Key)).Except(["id", "created"])
            .Where(key => !JsonNode.DeepEquals(ours[key], theirs[key])).Order(StringComparer.Ordinal);
        Assert.Equal(s_differences.TryGetValue(file, out var difference) ? difference.Members : "", string.Join(' ', differing));
    }

    /// <summary>What the other gateway makes of the file in its own protocol; null where nobody recorded it.</summary>
    private static string? SnapOf(string file) =>
        new[] { ".anthropic.snap", ".openai.snap", ".messages-messages.snap", ".messages-messages-streaming.snap", ".completions-completions.snap", ".responses-responses.snap", ".responses-responses-streaming.snap" }
            .Select(end => Path.Combine(Folder, file[..^".json".Length] + end)).Where(File.Exists).Select(File.ReadAllText).SingleOrDefault();

    private static IEnumerable<string> Events(string stream) => stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => line["data: ".Length..].Trim());

    private static string Masked(string data)
    {
        var node = JsonNode.Parse(data)!;
        if (node["message"] is JsonObject message)
        {
            message["id"] = "[id]";
        }
        else if (node["type"]?.GetValue<string>().StartsWith("response.", StringComparison.Ordinal) == true)
        {
            Mask(node);
        }

        return node.ToJsonString();
    }

    /// <summary>Ids and times of a response, wherever in it they stand.</summary>
    private static void Mask(JsonNode? node)
    {
        foreach (var child in node is JsonObject group ? [.. group.Select(p => p.Value)] : node is JsonArray list ? [.. list] : Array.Empty<JsonNode?>())
        {
            Mask(child);
        }

        foreach (var name in node is JsonObject named ? new[] { "id", "item_id", "call_id", "created_at" }.Where(named.ContainsKey) : [])
        {
            node![name] = "[masked]";
        }
    }

    private static Task<HttpResponseMessage> PostAsync(StubUpstream upstream, string route, string path, string body)
    {
        var kind = path.StartsWith("/v1/messages", StringComparison.Ordinal) ? ProviderKind.Anthropic : ProviderKind.OpenAi;
        var model = GatewayHost.Model("m", upstream, kind);
        return SendAsync(GatewayHost.Route(model with { Provider = model.Provider with { Responses = kind == ProviderKind.OpenAi } }, new RouteLimits { Retries = 0 }) with { Id = new RouteId(route) }, path, body);
    }

    private static async Task<HttpResponseMessage> SendAsync(RouteSnapshot route, string path, string body)
    {
        await using var gateway = await GatewayHost.StartAsync(route);
        var response = await gateway.Http.PostAsync(new Uri(gateway.Url, path), new StringContent(body, new MediaTypeHeaderValue("application/json")));
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static string PathOf(string file) => file.Split('/')[0] switch
    {
        "messages" or "anthropic" => "/v1/messages",
        "embeddings" or "vectors" => "/v1/embeddings",
        "responses" or "outputs" => "/v1/responses",
        _ => "/v1/chat/completions",
    };

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static IEnumerable<string> Files(params string[] folders) => folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.json"))
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
