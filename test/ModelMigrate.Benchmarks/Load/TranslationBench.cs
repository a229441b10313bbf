using System.Text;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>
/// What a translated stream costs beside one that passes through: processor time of the gateway per streamed answer of 40 pieces, interleaved
/// rounds in one run, the median of the rounds' ratios.
/// </summary>
internal static class TranslationBench
{
    /// <summary>Translated at most this many times the passed-through.</summary>
    public const double Most = 2;

    private static readonly (string Name, string Path, string Route, bool IsTranslated)[] s_ways =
    [
        ("chat to openai", "/v1/chat/completions", "chat", false),
        ("chat to anthropic", "/v1/chat/completions", "claude", true),
        ("messages to anthropic", "/v1/messages", "claude", false),
        ("messages to openai", "/v1/messages", "chat", true),
    ];

    /// <summary>1 when a translated stream costs more than <see cref="Most"/> times one of the same client's that passes through.</summary>
    public static async Task<int> RunAsync(LoadOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-bench-");
        var self = typeof(TranslationBench).Assembly.Location;
        try
        {
            var ports = Ports.Free(2);
            using var upstream = await Peer.StartAsync("direct", ports[0], "dotnet", [self, "streams", $"{ports[0]}"]);
            using var gateway = await GatewayPeer.StartBothAsync(ports[1], ports[0], folder.FullName);
            var cpu = s_ways.Select(_ => new List<double>()).ToArray();
            for (var pair = 0; pair <= options.Pairs; pair++)
            {
                for (var i = 0; i < s_ways.Length; i++)
                {
                    var way = s_ways[i];
                    var before = gateway.CpuTime();
                    var (streams, failed) = await StreamAsync(new Uri($"http://127.0.0.1:{gateway.Port}{way.Path}"), Body(way.Route), options);
                    if (failed > 0)
                    {
                        await output.WriteLineAsync($"{way.Name}: {failed} of {streams} failed");
                        return 1;
                    }

                    // The first round warms up.
                    if (pair > 0)
                    {
                        cpu[i].Add((gateway.CpuTime() - before).TotalMicroseconds / streams);
                    }
                }

                await output.WriteLineAsync(pair == 0 ? "warm" : $"round {pair} of {options.Pairs}");
            }

            await output.WriteLineAsync($"\nstreams of {StreamedUpstream.Pieces} pieces, {options.Connections} connections, {options.Pairs} rounds of {options.Seconds} s; CPU of the gateway per stream, median");
            for (var i = 0; i < s_ways.Length; i++)
            {
                await output.WriteLineAsync($"{s_ways[i].Name,-24} {Median(cpu[i]),8:0} µs");
            }

            var chat = Median([.. cpu[1].Zip(cpu[0], static (t, p) => t / p)]);
            var messages = Median([.. cpu[3].Zip(cpu[2], static (t, p) => t / p)]);
            await output.WriteLineAsync($"translated ÷ passed through, chat client      {chat:0.00}   goal ≤ {Most:0.0}");
            await output.WriteLineAsync($"translated ÷ passed through, messages client  {messages:0.00}   goal ≤ {Most:0.0}");
            return chat <= Most && messages <= Most ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Streams read to their end over as many connections as the options say, and those among them that were not whole.</summary>
    private static async Task<(int Streams, int Failed)> StreamAsync(Uri url, string body, LoadOptions options)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var began = TimeProvider.System.GetTimestamp();
        int streams = 0, failed = 0;
        async Task WorkAsync()
        {
            while (TimeProvider.System.GetElapsedTime(began).TotalSeconds < options.Seconds)
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await client.PostAsync(url, content);
                var text = await answer.Content.ReadAsStringAsync();
                Interlocked.Increment(ref streams);
                var isWhole = answer.IsSuccessStatusCode && (text.Contains("[DONE]", StringComparison.Ordinal) || text.Contains("message_stop", StringComparison.Ordinal));
                Interlocked.Add(ref failed, isWhole ? 0 : 1);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(_ => WorkAsync()));
        return (streams, failed);
    }

    private static string Body(string route) =>
        $$$"""{"model":"{{{route}}}","stream":true,"max_tokens":500,"messages":[{"role":"user","content":"Where is my parcel? I ordered a week ago and have heard nothing since."}]}""";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
