using System.Collections.Concurrent;
using System.Text;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Metrics;

public sealed class OtlpPushTests
{
    [Fact]
    public async Task Serve_WithACollector_PushesItsMetricsAtTheLatestWhenItEnds()
    {
        var pushed = new ConcurrentQueue<(string Path, string? Type, string Body)>();
        await using var collector = await StubUpstream.StartAsync((context, received) =>
        {
            pushed.Enqueue((received.Path, context.Request.ContentType, Encoding.UTF8.GetString(received.Body)));
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        var folder = Directory.CreateTempSubdirectory("model-migrate-otlp-");
        try
        {
            var config = Path.Combine(folder.FullName, "model-migrate.yaml");
            await File.WriteAllTextAsync(config, $$"""
                providers:
                  here: { kind: openai, baseUrl: "http://127.0.0.1:9/v1" }
                models:
                  old: here
                routes:
                  chat: old
                telemetry: { otlp: "{{collector.Url}}" }
                """);
            var (server, fault) = await RunningServer.TryStartAsync(
                new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], AdminUrls = [], DataDirectory = Path.Combine(folder.FullName, "data") },
                TimeProvider.System, CancellationToken.None);
            Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
            using var http = new HttpClient(new SocketsHttpHandler());
            using var ask = new StringContent("""{"model":"chat","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(server!.Url, "/v1/chat/completions"), ask);
            await server.DisposeAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var push = Assert.Single(pushed);
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (push.Path, push.Type));
        Assert.Contains("model_migrate.requests", push.Body, StringComparison.Ordinal);
    }
}
