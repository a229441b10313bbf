using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Api;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>A rollback while hundreds of clients read streams: what happens to the ones on the target, by <c>inFlight</c>.</summary>
[Trait("kind", "slow")]
public sealed class RollbackOfStreamsTests(ITestOutputHelper output)
{
    private const int Clients = 500;
    private const int StartersAtOnce = 8;
    private const string First = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"O\"}}]}\n\n";
    private const string Last = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"K\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    // Requests assigned before the rollback may still be on their way to the target.
    private static readonly TimeSpan s_underWay = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<long> _onTarget = new();
    private int _held;
    private int _heldOnTarget;
    private int _silentOnTarget;

    [Fact]
    public async Task Rollback_InFlightFinish_RunningStreamsEndComplete()
    {
        var (ends, _) = await RunAsync("finish");
        Assert.All(ends, end => Assert.Equal(StreamEnd.Complete, end.Kind));
    }

    [Fact]
    public async Task Rollback_InFlightCut_StreamsOnTheTargetEndWithAnErrorEventOrAreRescuedWithinASecond()
    {
        var (ends, answered) = await RunAsync("cut");
        var cut = ends.Where(end => end.Kind == StreamEnd.ErrorEvent).ToList();
        var last = cut.Max(end => _time.GetElapsedTime(answered, end.At));
        output.WriteLine($"{_heldOnTarget} streams on the target, {_silentOnTarget} of them without content; {cut.Count} cut, the last {last.TotalMilliseconds:0} ms after the answer");
        Assert.DoesNotContain(ends, end => end.Kind == StreamEnd.Broken);
        Assert.Equal(_heldOnTarget - _silentOnTarget, cut.Count);
        Assert.True(_silentOnTarget > 10, "no stream was caught before its first content");
        Assert.True(last < TimeSpan.FromSeconds(1), $"the last stream was cut {last} after the answer");
    }

    private async Task<(IReadOnlyList<StreamEnd> Ends, long Answered)> RunAsync(string inFlight)
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-streams-");
        await using var source = await StubUpstream.StartAsync((context, received) => AnswerAsync(context, received, isTarget: false));
        await using var target = await StubUpstream.StartAsync((context, received) => AnswerAsync(context, received, isTarget: true));
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, $$"""
            providers:
              here: { kind: openai, baseUrl: "{{source.Url}}v1" }
              there: { kind: openai, baseUrl: "{{target.Url}}v1" }
            models: { old: here, new: there }
            routes:
              chat: { model: old, inFlight: {{inFlight}} }
            migrations:
              MIG-1: { route: chat, to: new, start: auto, steps: [50%], hold: 1h }
            """);
        var (server, fault) = await RunningServer.TryStartAsync(
            new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data") },
            _time, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        List<StreamEnd> ends;
        long answered;
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.Url, Timeout = TimeSpan.FromSeconds(60) };
            var held = Enumerable.Range(0, Clients).Select(client => ReadAsync(http, $"held-{client}")).ToList();
            await UntilAsync(() => Volatile.Read(ref _held) == Clients);

            // New users come all the while.
            using var stop = new CancellationTokenSource();
            var starters = Enumerable.Range(0, StartersAtOnce).Select(starter => StartAsync(http, starter, stop.Token)).ToList();
            var before = _onTarget.Count;
            await UntilAsync(() => _onTarget.Count > before + 50);
            using var admin = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Url };
            var rollback = await new AdminClient(admin).RollbackAsync("MIG-1", "drill");
            answered = TimeProvider.System.GetTimestamp();
            Assert.Null(rollback.Problem);
            await Task.Delay(TimeSpan.FromSeconds(3), _time);
            await stop.CancelAsync();
            var started = (await Task.WhenAll(starters)).SelectMany(item => item).ToList();
            _release.SetResult();
            ends = [.. await Task.WhenAll(held)];

            var latest = _time.GetElapsedTime(answered, _onTarget.Max());
            output.WriteLine($"{inFlight}: {started.Count} streams began beside {Clients}; the last request reached the target {latest.TotalMilliseconds:0.0} ms after the answer");
            Assert.True(latest < s_underWay, $"a request started on the target {latest} after the answer");
            Assert.All(started, end => Assert.Equal(StreamEnd.Complete, end.Kind));
            Assert.True(started.Count(end => _time.GetElapsedTime(answered, end.At) > s_underWay) > 20, "the load did not go on");
        }

        folder.Delete(recursive: true);
        return (ends, answered);
    }

    private async Task AnswerAsync(HttpContext context, StubUpstream.Received received, bool isTarget)
    {
        if (isTarget)
        {
            _onTarget.Enqueue(TimeProvider.System.GetTimestamp());
        }

        if (!received.Text.Contains("held-", StringComparison.Ordinal))
        {
            await StubUpstream.Events(First, Last)(context, received);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        // Every fourth on the target has said nothing yet when the rollback comes.
        var silent = isTarget && Interlocked.Increment(ref _heldOnTarget) % 4 == 0;
        if (silent)
        {
            Interlocked.Increment(ref _silentOnTarget);
            await context.Response.Body.FlushAsync();
        }
        else
        {
            await StubUpstream.Events(First)(context, received);
        }

        Interlocked.Increment(ref _held);
        try
        {
            await _release.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(silent ? First + Last : Last);
        }
        catch (OperationCanceledException)
        {
            // Cut.
        }
    }

    private async Task<List<StreamEnd>> StartAsync(HttpClient http, int starter, CancellationToken stop)
    {
        var ends = new List<StreamEnd>();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            ends.Add(await ReadAsync(http, $"new-{starter}-{i}"));
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, CancellationToken.None);
        }

        return ends;
    }

    private static async Task<StreamEnd> ReadAsync(HttpClient http, string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"chat","user":"{{user}}","stream":true,"messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json"),
        };
        var text = "";
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                text += line + "\n";
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            text += $"({gone.Message})";
        }

        var kind = text.Contains("\"error\"", StringComparison.Ordinal) ? StreamEnd.ErrorEvent
            : text.Contains("\"O\"", StringComparison.Ordinal) && text.Contains("\"K\"", StringComparison.Ordinal) && text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal)
                ? StreamEnd.Complete
                : StreamEnd.Broken;
        return new StreamEnd(kind, TimeProvider.System.GetTimestamp(), text);
    }

    private async Task UntilAsync(Func<bool> done)
    {
        var began = _time.GetTimestamp();
        while (!done())
        {
            Assert.True(_time.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"only {_held} streams were open, {_onTarget.Count} requests on the target");
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time);
        }
    }

    private sealed record StreamEnd(string Kind, long At, string Text)
    {
        public const string Complete = "complete";
        public const string ErrorEvent = "error event";
        public const string Broken = "broken";
    }
}
