using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Docs;

/// <summary>The metrics page against a scrape of a server that has done everything that is measured.</summary>
public sealed partial class MetricsGuideTests
{
    private const string Route = "metrics-guide";

    private const string Key = "mm-metrics-guide";

    private const string Ok =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"OK"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private static readonly string[] s_stream =
    [
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"OK\"}}]}\n\n",
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
        "data: [DONE]\n\n",
    ];

    [Fact]
    public async Task Table_AgainstAScrape_NamesTypesAndLabelsAgree()
    {
        var shown = Row().Matches(Source.Text("docs/guide/metrics.md"))
            .ToDictionary(row => row.Groups["name"].Value, row => (Type: row.Groups["type"].Value, Labels: row.Groups["labels"].Value.Split(", ").Order().ToArray()));
        var text = await ScrapeAsync();
        var types = Type().Matches(text).ToDictionary(line => line.Groups["name"].Value, line => line.Groups["type"].Value);
        var ours = types.Keys.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal) && text.Contains($"\n{name}", StringComparison.Ordinal)).ToList();
        Assert.Equal(shown.Keys.Order(), ours.Order());
        foreach (var (name, (type, labels)) in shown)
        {
            Assert.Equal((name, type), (name, types[name]));
            var suffix = type == "histogram" ? "_count" : "";
            // Other tests of this process meter too, with the same labels.
            var series = text.Split('\n').First(line => Regex.IsMatch(line, $"^{name}{suffix}[{{ ]", RegexOptions.None, TimeSpan.FromSeconds(1)));
            var found = Label().Matches(series).Select(label => label.Groups["name"].Value).Order().ToArray();
            Assert.Equal((name, string.Join(", ", labels.Where(label => label.Length > 0))), (name, string.Join(", ", found)));
        }
    }

    private static async Task<string> ScrapeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-metrics-");
        await using var source = await StubUpstream.StartAsync(
            (context, received) => received.Text.Contains("\"stream\":true", StringComparison.Ordinal)
                ? StubUpstream.Events(s_stream)(context, received)
                : StubUpstream.Json(Ok)(context, received));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, $$"""
            providers:
              here: { kind: openai, baseUrl: "{{source.Url}}v1" }
              there: { kind: openai, baseUrl: "{{target.Url}}v1" }
            models:
              old: { provider: here, inputCostPer1k: 1, outputCostPer1k: 2 }
              new: there
              two: { provider: here, endpoints: [{ provider: here, name: other }] }
              gone: there
            routes:
              {{Route}}: { model: old, checks: [{ kind: json }] }
              {{Route}}-gone: gone
              {{Route}}-two: two
              {{Route}}-both: old
              {{Route}}-kept: { model: old, cache: { ttl: 1h } }
            clientKeys:
              - { name: shop, sha256: {{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}}, budgets: [{ per: day, tokens: 100000 }] }
              - { name: poor, sha256: {{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key + "-poor")))}}, limits: { requestsPerMinute: 1 } }
            migrations:
              MIG-2: { route: {{Route}}-both, to: two, strategy: hybrid }
              MIG-1: { route: {{Route}}, to: new, start: auto, steps: [50%], exposureBudget: 1000 }
            """);
        var (server, fault) = await RunningServer.TryStartAsync(
            new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data") },
            TimeProvider.System, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.Url };
            for (var i = 0; i < 40; i++)
            {
                await AskAsync(http, $$"""{"model":"{{Route}}","user":"u{{i}}","messages":[{"role":"user","content":"hi"}]}""");
            }

            await AskAsync(http, $$"""{"model":"{{Route}}","user":"u","stream":true,"messages":[{"role":"user","content":"hi"}]}""");
            await AskAsync(http, $$"""{"model":"{{Route}}-gone","messages":[{"role":"user","content":"hi"}]}""");
            await AskAsync(http, $$"""{"model":"{{Route}}-kept","messages":[{"role":"user","content":"hi"}]}""");
            await AskAsync(http, $$"""{"model":"{{Route}}-two","messages":[{"role":"user","content":"hi"}]}""");
            await AskAsync(http, $$"""{"model":"{{Route}}-both","messages":[{"role":"user","content":"hi"}]}""");
            await AskAsync(http, "{");
            await AskAsync(http, $$"""{"model":"{{Route}}-kept","messages":[{"role":"user","content":"hi"}]}""", Key + "-poor");
            await AskAsync(http, $$"""{"model":"{{Route}}-kept","messages":[{"role":"user","content":"hi"}]}""", Key + "-poor");

            // What the evidence says is there once the controller has looked at it. One scrape: other tests' meters of this name come and go.
            for (var look = 0; look < 300 && !server.Control.Controller.Latest.Rollouts.Any(r => r.Evidence?.Gates.Any(gate => gate.Effect is not null) == true); look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            return await http.GetStringAsync("/metrics");
        }
    }

    private static async Task AskAsync(HttpClient http, string json, string key = Key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(message);
        await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<type>\w+) \| [^|]+ \| ?(?<labels>[\w, ]*?) ?\| ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"^# TYPE (?<name>\w+) (?<type>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();

    [GeneratedRegex(@"[{,](?<name>\w+)=""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
