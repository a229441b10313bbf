using Microsoft.AspNetCore.Http;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>The configuration changes on disk while clients read streams: nobody's breaks (litellm 20409, jwbron/egg 2987).</summary>
public sealed class ReloadUnderStreamsTests
{
    private const int Clients = 100;
    private const int Reloads = 50;

    private readonly TaskCompletionSource[] _reloaded =
        [.. Enumerable.Range(0, Reloads).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    [Fact]
    public async Task Reload_FiftyTimesUnderAHundredStreams_EveryStreamArrivesWhole()
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-reload-");
        await using var upstream = await StubUpstream.StartAsync(AnswerAsync);
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, Config(upstream, 0));
        var (server, fault) = await RunningServer.TryStartAsync(
            new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data") },
            TimeProvider.System, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.Url };
            var reading = Enumerable.Range(0, Clients).Select(_ => ReadAsync(http)).ToList();
            while (upstream.Requests.Count < Clients)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            for (var reload = 1; reload <= Reloads; reload++)
            {
                var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var subscription = server.Feed.Subscribe(snapshot =>
                {
                    if (snapshot.Routes["chat"].MaxConcurrent == 1000 + reload)
                    {
                        taken.TrySetResult();
                    }
                });
                if (reload % 10 == 0)
                {
                    // A broken file in between: the last good one goes on.
                    await File.WriteAllTextAsync(config, "routes: [");
                }

                await File.WriteAllTextAsync(config, Config(upstream, reload));
                await taken.Task.WaitAsync(TimeSpan.FromSeconds(30));
                _reloaded[reload - 1].SetResult();
            }

            var whole = string.Concat(Enumerable.Range(0, Reloads).Select(i => $" {i}"));
            Assert.All(await Task.WhenAll(reading), text => Assert.Equal(whole, text));
            Assert.Equal(Clients, upstream.Requests.Count);
        }
    }

    /// <summary>Each one changes what a reload can: the pool of connections, models, limits, fallbacks, routes.</summary>
    private static string Config(StubUpstream upstream, int reload) => $$"""
        providers:
          here: { kind: openai, baseUrl: "{{upstream.Url}}v1", breaker: { failures: {{1 + (reload % 7)}} } }
        models:
          m: { provider: here, inputCostPer1k: {{reload}}, outputCostPer1k: 1 }
          spare{{reload % 3}}: here
        routes:
          chat: { model: m, fallback: [spare{{reload % 3}}], maxConcurrent: {{1000 + reload}}, limits: { retries: {{reload % 5}}, idle: 60s } }
          other{{reload % 2}}: m
        """;

    /// <summary>A token before each reload, so that every stream is on its way at each of them.</summary>
    private async Task AnswerAsync(HttpContext context, StubUpstream.Received received)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Reloads; i++)
        {
            await context.Response.WriteAsync(ChatSamples.Chunks[1].Replace("\"Hi\"", $"\" {i}\"", StringComparison.Ordinal));
            await context.Response.Body.FlushAsync();
            await _reloaded[i].Task;
        }

        await context.Response.WriteAsync(string.Concat(ChatSamples.Chunks[3..]));
    }

    private static async Task<string> ReadAsync(HttpClient http)
    {
        using var content = new StringContent(ChatSamples.Streamed, System.Text.Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content };
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        return string.Concat(text.Split("\"content\":\"").Skip(1).Select(rest => rest.Split('"')[0]));
    }
}
