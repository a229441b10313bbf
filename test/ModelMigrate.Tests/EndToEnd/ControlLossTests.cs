using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ModelMigrate.Core.Api;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>The control loop is lost inside a serving process: the gateway takes the unproven target's traffic back, and no user notices.</summary>
[Trait("kind", "slow")]
public sealed class ControlLossTests
{
    private const string Ok =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"OK"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private static readonly TimeSpan s_controlTimeout = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loop_BrokenOrHanging_SourceServesAfterControlTimeoutAndNoUserSeesIt(bool broken)
    {
        var time = TimeProvider.System;
        var folder = Directory.CreateTempSubdirectory("model-migrate-loss-");
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Ok));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(Ok));
        var arrived = new ConcurrentQueue<long>();
        target.Answers = (context, received) =>
        {
            arrived.Enqueue(time.GetTimestamp());
            return StubUpstream.Json(Ok)(context, received);
        };
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, $$"""
            providers:
              here: { kind: openai, baseUrl: "{{source.Url}}v1" }
              there: { kind: openai, baseUrl: "{{target.Url}}v1" }
            models: { old: here, new: there }
            routes: { chat: old }
            migrations:
              MIG-1: { route: chat, to: new, start: auto, steps: [50%], hold: 1h }
            controlTimeout: {{s_controlTimeout.TotalSeconds}}s
            """);
        await using var log = new StringWriter();
        var (server, fault) = await RunningServer.TryStartAsync(
            new ServeOptions
            {
                ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data"), LogTo = TextWriter.Synchronized(log),
            },
            time, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        using var hold = new ManualResetEventSlim();
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.Url };
            using var stop = new CancellationTokenSource();
            var bad = new ConcurrentQueue<string>();
            var clients = Enumerable.Range(0, 4).Select(client => AskAsync(http, client, bad, stop.Token)).ToList();
            while (arrived.Count < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
            }

            if (broken)
            {
                await server.Control.Loop.KillAsync(new InvalidOperationException("injected"));
            }
            else
            {
                server.Control.Loop.Fault = hold.Wait;
            }

            var lost = time.GetTimestamp();
            // A hanging loop is noticed by its silence, which needs five seconds.
            await Task.Delay(TimeSpan.FromSeconds(7), time, CancellationToken.None);
            var answers = source.Requests.Count;
            using var ready = await http.GetAsync("/readyz");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("The control loop has", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var status = (await new AdminClient(http).StatusAsync()).Value!;
            Assert.Contains("Targets that are not proven get no traffic", status.ControlProblem, StringComparison.Ordinal);
            await stop.CancelAsync();
            await Task.WhenAll(clients);

            Assert.Empty(bad);
            // The last renewal can be a second old when the loop is lost; a request that was assigned before may arrive a little later.
            var last = arrived.Select(at => time.GetElapsedTime(lost, at)).Max();
            Assert.InRange(last, s_controlTimeout - TimeSpan.FromSeconds(2), s_controlTimeout + TimeSpan.FromSeconds(1));
            Assert.True(answers > 100, $"the load did not go on: {answers}");
            Assert.Single(log.ToString().Split('\n'), line => line.Contains(" fatal ", StringComparison.Ordinal));
            hold.Set();
        }

        folder.Delete(recursive: true);
    }

    private static async Task AskAsync(HttpClient http, int client, ConcurrentQueue<string> bad, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            using var body = new StringContent(
                $$"""{"model":"chat","user":"u-{{client}}-{{i}}","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/v1/chat/completions", body, CancellationToken.None);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                bad.Enqueue($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }
}
