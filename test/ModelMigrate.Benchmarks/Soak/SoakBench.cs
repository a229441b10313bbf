using System.Globalization;
using System.Text;
using ModelMigrate.Benchmarks.Load;

namespace ModelMigrate.Benchmarks.Soak;

/// <summary>
/// The served gateway under streams, whole answers, translations, faults and clients that leave: at the end its memory is what it was after two
/// fifths, no request and no connection is left over, nothing was allocated on the large object heap in the last fifth, and no exception went unobserved.
/// </summary>
internal static class SoakBench
{
    /// <summary>Growth of resident memory over the last three fifths: what a heap that is not collected yet moves about. Code is compiled before.</summary>
    public const double MostGrowth = 1.10;

    /// <summary>Sockets over those before the first request: idle connections to the upstream, as many as there are clients.</summary>
    private const int SocketsPerConnection = 2;

    /// <summary>1 when something was left behind.</summary>
    public static async Task<int> RunAsync(SoakOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-soak-");
        var self = typeof(SoakBench).Assembly.Location;
        try
        {
            var ports = Ports.Free(2);
            using var upstream = await Peer.StartAsync("upstream", ports[0], "dotnet", [self, "streams", $"{ports[0]}"]);
            using var gateway = await GatewayPeer.StartBothAsync(ports[1], ports[0], folder.FullName);
            var sockets = Sockets(gateway.Pid);
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{gateway.Port}") };
            var fifth = options.Requests / 5;
            var failures = new List<string>();
            long after = 0;
            LargeAllocations? large = null;
            for (var part = 0; part < 5; part++)
            {
                large = part == 4 ? new LargeAllocations(gateway.Pid) : null;
                failures.AddRange(await RunAsync(client, options, part * fifth, (part + 1) * fifth));
                var resident = gateway.ResidentBytes();
                after = part == 1 ? resident : after;
                await output.WriteLineAsync(
                    $"{(part + 1) * fifth} requests: {resident / 1048576.0:0.0} MB resident, {await MetricAsync(client, "model_migrate_in_flight")} in flight, {Sockets(gateway.Pid)} sockets");
            }

            var types = await large!.StopAsync();
            var asked = Enumerable.Range(4 * fifth, fifth).Count(i => SoakRequest.Of(i, options.Seed).IsLarge);
            var growth = gateway.ResidentBytes() / (double)after;
            var inFlight = await MetricAsync(client, "model_migrate_in_flight");
            var left = Sockets(gateway.Pid) - sockets;
            var unobserved = gateway.Output.Count(line => line?.Contains("unobserved", StringComparison.OrdinalIgnoreCase) == true);
            var goals = new (string Words, bool IsMet)[]
            {
                ($"answers that were not what was asked for: {failures.Count}", failures.Count == 0),
                ($"resident memory over the last three fifths: × {growth:0.00}, at most × {MostGrowth:0.00}", growth <= MostGrowth),
                ($"requests left in flight: {inFlight}", inFlight == 0),
                ($"sockets left: {left}, at most {SocketsPerConnection * options.Connections}", left <= SocketsPerConnection * options.Connections),
                ($"large objects in the last fifth: {(types.Count == 0 ? "none" : string.Join(", ", types.Select(t => $"{t.Value} × {t.Key}")))} in {asked} large requests", types.Count == 0),
                ($"unobserved exceptions: {unobserved}", unobserved == 0),
            };
            foreach (var failure in failures.Take(5))
            {
                await output.WriteLineAsync(failure);
            }

            foreach (var (words, isMet) in goals)
            {
                await output.WriteLineAsync($"{(isMet ? "PASS" : "FAIL")}  {words}");
            }

            return goals.All(static g => g.IsMet) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<string>> RunAsync(HttpClient client, SoakOptions options, int from, int to)
    {
        var failures = new List<string>();
        var next = from - 1;
        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < to; i = Interlocked.Increment(ref next))
            {
                if (await AskAsync(client, SoakRequest.Of(i, options.Seed)) is { } problem)
                {
                    lock (failures)
                    {
                        failures.Add($"request {i}: {problem}");
                    }
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(_ => WorkAsync()));
        return failures;
    }

    /// <summary>What was wrong with the answer to one request, or null.</summary>
    private static async Task<string?> AskAsync(HttpClient client, SoakRequest request)
    {
        using var content = new StringContent(request.Body, Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Path) { Content = content };
        using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        if (request.Leaves)
        {
            // Disposing an answer that was not read closes its connection.
            return null;
        }

        var text = await ReadAsync(answer);
        var isWhole = answer.IsSuccessStatusCode && (!request.IsStream || text.Contains("[DONE]", StringComparison.Ordinal) || text.Contains("\"message_stop\"", StringComparison.Ordinal));
        var isError = text.Contains("\"error\"", StringComparison.Ordinal);
        return (request.Fault is null ? isWhole && !isError : isError) ? null : $"{request.Path} {request.Route} {request.Fault} stream {request.IsStream}: {(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}";
    }

    /// <summary>All that came: a stream that broke off says so in an event and ends without the end of its transfer.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        using var bytes = new MemoryStream();
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(bytes);
        }
        catch (HttpIOException e) when (e.HttpRequestError == HttpRequestError.ResponseEnded)
        {
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static async Task<double> MetricAsync(HttpClient client, string name)
    {
        // A client has its last byte a moment before the gateway has ended the request.
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var page = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            var sum = page.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
            if (sum == 0 || TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(10))
            {
                return sum;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static int Sockets(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
