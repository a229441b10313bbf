using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>Runs one line of the matrix: real Kestrel on both sides, and a clock that only moves when everything waits for it.</summary>
internal sealed class FaultRun(FaultRow row, FaultClient client, FaultProtocol protocol, bool stream)
{
    public static readonly RouteLimits Limits = new() { FirstToken = TimeSpan.FromSeconds(8), Whole = TimeSpan.FromSeconds(8), Idle = TimeSpan.FromSeconds(5) };

    private readonly ArrayBufferWriter<byte> _got = new();

    /// <summary>What the client saw, in the guide's words.</summary>
    public string Sees { get; private set; } = "";

    public (int Model, int Other) Calls { get; private set; }

    public double Seconds { get; private set; }

    public Observation Observation { get; private set; }

    public static async Task<FaultRun> OfAsync(FaultRow row, FaultClient client, FaultProtocol protocol, bool stream)
    {
        var run = new FaultRun(row, client, protocol, stream);
        await run.RunAsync();
        return run;
    }

    private async Task RunAsync()
    {
        await using var model = await StubUpstream.StartAsync();
        model.Answers = (context, received) => row.Model(protocol, stream, model.Requests.Count)(context, received);
        await using var other = await StubUpstream.StartAsync(row.Other?.Invoke(protocol) ?? protocol.Ok(stream));
        var m = GatewayHost.Model("m", model, protocol.Kind) with { InResponses = protocol.InResponses };
        var f = GatewayHost.Model("f", other, protocol.Kind) with { InResponses = protocol.InResponses };

        // Next to nothing goes to the target, so that the arm that is charged is the source.
        var route = GatewayHost.Migrating(m, f with { Id = new ModelId("t"), Fingerprint = "t" }, Limits, weightPpm: 1) with
        {
            Fallback = row.HasFallback ? [f] : [], LargerContext = row.HasLarger ? f : null,
        };
        await using var gateway = await GatewayHost.StartAsync(row.Route(route));
        var began = gateway.Clock.GetUtcNow();

        var seen = SeeAsync(gateway);
        await DriveAsync(gateway.Clock, seen, model);
        Sees = await seen;
        Seconds = (gateway.Clock.GetUtcNow() - began).TotalSeconds;
        Calls = (model.Requests.Count, other.Requests.Count);
        Observation = Assert.Single(gateway.Ended());
    }

    /// <summary>A delay between tries passes at once; a limit passes when the provider waits and says nothing more.</summary>
    private async Task DriveAsync(ManualClock clock, Task seen, StubUpstream model)
    {
        var waited = 0;
        var began = TimeProvider.System.GetTimestamp();
        while (!seen.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "the client hangs, and no limit is let pass that would end it");
            if (clock.NextDelay is { } due)
            {
                clock.Advance(due - clock.GetUtcNow());
            }
            else if (model.Requests.Skip(waited).FirstOrDefault() is { } received && received.Waiting.Task.IsCompleted)
            {
                waited++;
                await LetPassAsync(clock, seen, received);
            }
            else if (model.Requests.Count > waited + 1)
            {
                // That one did not wait.
                waited++;
            }

            await Task.Yield();
        }
    }

    private async Task LetPassAsync(ManualClock clock, Task seen, StubUpstream.Received received)
    {
        while (row.WaitsAfter is { } text && !Has(client.Piece(text)))
        {
            await Task.Yield();
        }

        if (row.OnWaiting is { } act)
        {
            act(clock, received);
            return;
        }

        // While a client is written to no limit runs: the one until the first token, which is still armed, would pass for nothing.
        while (row.WaitsAfter is not null && !seen.IsCompleted && !(clock.NextTimer - clock.GetUtcNow() < Limits.FirstToken))
        {
            await Task.Yield();
        }

        // Only the limit of the call that waits: the next call's limit must not pass on its behalf.
        var scope = clock.NextOwner;
        while (!seen.IsCompleted && !received.Gone.Task.IsCompleted)
        {
            if (clock.NextTimer is { } due && ReferenceEquals(clock.NextOwner, scope))
            {
                clock.Advance(due - clock.GetUtcNow());
            }

            await Task.Yield();
        }
    }

    private async Task<string> SeeAsync(GatewayHost gateway)
    {
        using var content = new StringContent(client.Request(stream, row.IsKept), Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, client.Path)) { Content = content };
        using var response = await gateway.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        var (body, isBroken) = await ReadAsync(response);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Assert.False(isBroken);
            var code = FaultClient.CodeOf(body);
            var after = response.Headers.TryGetValues("Retry-After", out var wait) ? $", Retry-After {wait.Single()}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"error {(int)response.StatusCode}{(code is null ? "" : $" {code}")}{after}");
        }

        var by = response.Headers.GetValues("x-model-migrate-model").Single() == "m" ? "" : " of the other model";
        var (text, finish, broken) = client.Read(body, stream);
        if (broken is not null)
        {
            Assert.True(isBroken, "an error event without a broken response is a success to some clients");
            return $"\"{text}\", then an error event {broken}, and no end mark";
        }

        // A truncated answer is never a success.
        Assert.False(isBroken);
        Assert.True(finish is not null, "the answer ended in good order without a finish reason: " + body);
        return finish == "stop" ? text == "Hi there" ? $"the whole answer{(Has(": resumed by ") ? ", resumed" : "")}{by}" : $"\"{text}\"{by}" : $"an answer that ends in {finish}{by}";
    }

    private async Task<(string Body, bool IsBroken)> ReadAsync(HttpResponseMessage response)
    {
        await using var content = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        try
        {
            while (await content.ReadAsync(buffer) is > 0 and var read)
            {
                lock (_got)
                {
                    _got.Write(buffer.AsSpan(0, read));
                }
            }

            return (Encoding.UTF8.GetString(_got.WrittenSpan), false);
        }
        catch (HttpIOException)
        {
            return (Encoding.UTF8.GetString(_got.WrittenSpan), true);
        }
    }

    private bool Has(string text)
    {
        lock (_got)
        {
            return Encoding.UTF8.GetString(_got.WrittenSpan).Contains(text, StringComparison.Ordinal);
        }
    }
}
