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
            await File.WriteAllTextAsync(config, $$"""telemetry: { otlp: "{{collector.Url}}" }""");
            var (server, fault) = await RunningServer.TryStartAsync(
                new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], AdminUrls = [], DataDirectory = Path.Combine(folder.FullName, "data") },
                TimeProvider.System, CancellationToken.None);
            Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
            await server!.DisposeAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var push = Assert.Single(pushed);
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (push.Path, push.Type));
        Assert.Contains("control_store_up", push.Body, StringComparison.Ordinal);
    }
}
