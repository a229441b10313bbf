using System.Collections.Concurrent;
using System.Text;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Metrics;

/// <summary>Traces of a whole server at a collector. An exporter hears every gateway of its process, so that these run while no other test does.</summary>
[CollectionDefinition("whole process", DisableParallelization = true)]
[Collection("whole process")]
public sealed class OtlpTraceTests
{
    private const string Traced = "0af7651916cd43dd8448eb211c80319c", Untraced = "1bf7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Serve_WithTraces_PushesEachRequestAndItsCall()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));

        var spans = await ServeAsync(upstream, "100%", null, $"00-{Traced}-b7ad6b7169203331-01", $"00-{Untraced}-b7ad6b7169203331-00");

        Assert.Contains("POST /v1/chat/completions", spans, StringComparison.Ordinal);
        Assert.Contains("chat old", spans, StringComparison.Ordinal);
        Assert.Contains("gen_ai.usage.input_tokens", spans, StringComparison.Ordinal);
        Assert.Contains("model-migrate", spans, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", spans, StringComparison.Ordinal);
        Assert.Equal((true, false), (Holds(spans, Traced), Holds(spans, Untraced)));
        Assert.Equal([true, true, true], upstream.Requests.Select(r => r.Headers.ContainsKey("traceparent")));
        Assert.Equal([false, false, true], upstream.Requests.Select(r => r.Headers["traceparent"].EndsWith("-b7ad6b7169203331-00", StringComparison.Ordinal)));
    }

    /// <summary>One request in ten million: but the client that began a trace has decided already.</summary>
    [Fact]
    public async Task Serve_WithASmallShare_TracesThoseThatTheClientTraces()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));

        var spans = await ServeAsync(upstream, "0.00001%", null, $"00-{Traced}-b7ad6b7169203331-01");

        Assert.True(Holds(spans, Traced));
        Assert.Equal([false, true], upstream.Requests.Select(r => r.Headers.ContainsKey("traceparent")));
    }

    [Fact]
    public async Task Serve_WithoutTraces_PushesNone()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));

        Assert.Equal("", await ServeAsync(upstream, "off", $"00-{Traced}-b7ad6b7169203331-01"));
        Assert.Equal($"00-{Traced}-b7ad6b7169203331-01", upstream.Requests.Single().Headers["traceparent"]);
    }

    private static bool Holds(string spans, string trace) => spans.Contains(Encoding.Latin1.GetString(Convert.FromHexString(trace)), StringComparison.Ordinal);

    /// <summary>Serves a request for each of the trace contexts, and answers what was pushed to <c>/v1/traces</c> until the server had ended.</summary>
    private static async Task<string> ServeAsync(StubUpstream upstream, string traces, params string?[] parents)
    {
        var pushed = new ConcurrentQueue<string>();
        await using var collector = await StubUpstream.StartAsync((context, received) =>
        {
            if (received.Path == "/v1/traces")
            {
                pushed.Enqueue(Encoding.Latin1.GetString(received.Body));
            }

            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        var folder = Directory.CreateTempSubdirectory("model-migrate-traces-");
        try
        {
            var config = Path.Combine(folder.FullName, "model-migrate.yaml");
            await File.WriteAllTextAsync(config, $$"""
                providers:
                  here: { kind: openai, baseUrl: "{{upstream.Url}}v1" }
                models:
                  old: here
                routes:
                  chat: old
                telemetry: { otlp: "{{collector.Url}}", traces: {{traces}} }
                """);
            var (server, fault) = await RunningServer.TryStartAsync(
                new ServeOptions
                {
                    ConfigFile = config, Urls = ["http://127.0.0.1:0"], AdminUrls = [], DataDirectory = Path.Combine(folder.FullName, "data"),

                    // With a log the host makes spans of its own, too.
                    LogTo = TextWriter.Null,
                },
                TimeProvider.System, CancellationToken.None);
            Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
            using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
            foreach (var parent in parents)
            {
                using var ask = new HttpRequestMessage(HttpMethod.Post, new Uri(server!.Url, "/v1/chat/completions"))
                {
                    Content = new StringContent(ChatSamples.Plain, Encoding.UTF8, "application/json"),
                };
                if (parent is not null)
                {
                    ask.Headers.TryAddWithoutValidation("traceparent", parent);
                }

                using var answer = await http.SendAsync(ask);
            }

            await server!.DisposeAsync();
            return string.Concat(pushed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
