namespace ModelMigrate.Benchmarks.Load;

/// <summary>
/// Compares the gateway with a bare forwarder and nginx before the same upstream, in one run: interleaved rounds, so that a
/// drifting machine speed meets all of them alike, and the median of the rounds' ratios.
/// </summary>
internal static class GatewayBench
{
    private const int MemoryRequests = 100_000;

    public static async Task<int> RunAsync(LoadOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-bench-");
        var self = typeof(GatewayBench).Assembly.Location;
        try
        {
            var ports = Ports.Free(4);
            using var upstream = await Peer.StartAsync("direct", ports[0], "dotnet", [self, "upstream", $"{ports[0]}"]);
            using var forwarder = await Peer.StartAsync("forwarder", ports[1], "dotnet", [self, "forwarder", $"{ports[1]}", $"http://127.0.0.1:{ports[0]}"]);
            using var nginx = await Nginx.StartAsync(ports[2], ports[0], folder.FullName);
            using var gateway = await GatewayPeer.StartAsync(ports[3], ports[0], folder.FullName);

            foreach (var peer in new[] { upstream, forwarder, nginx, gateway })
            {
                await Wrk.RunAsync(peer, options.Connections, seconds: 3);
            }

            var loaded = new List<Measurement>();
            var single = new List<Measurement>();
            var corrected = new List<Measurement>();
            for (var pair = 1; pair <= options.Pairs; pair++)
            {
                await output.WriteLineAsync($"round {pair} of {options.Pairs}");
                foreach (var peer in new[] { forwarder, gateway, nginx })
                {
                    loaded.Add(await Wrk.RunAsync(peer, options.Connections, options.Seconds));
                }

                foreach (var peer in new[] { upstream, forwarder, gateway })
                {
                    single.Add(OneConnection.Run(peer, options.Seconds));
                    corrected.Add(await Wrk.RunAsync(peer, connections: 1, options.Seconds));
                }
            }

            var served = loaded.Concat(single).Concat(corrected).Where(m => m.Peer == gateway.Name).Sum(m => m.Requests);
            while (served < MemoryRequests)
            {
                served += (await Wrk.RunAsync(gateway, options.Connections, options.Seconds)).Requests;
            }

            var report = new GatewayReport(loaded, single, corrected, gateway.ResidentBytes(), served);
            var isReached = await report.WriteAsync(output, options);
            return isReached && loaded.Concat(single).Concat(corrected).All(m => m.Failed == 0) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
