namespace ModelMigrate.Benchmarks.Load;

/// <summary>The gateway as a user runs it: serving a canary between two models of the same protocol, metering and metrics on.</summary>
internal static class GatewayPeer
{
    public static Task<Peer> StartAsync(int port, int upstream, string folder) => ServeAsync(port, folder,
            $$"""
            providers:
              old: { kind: openai, baseUrl: "http://127.0.0.1:{{upstream}}/v1" }
              new: { kind: openai, baseUrl: "http://127.0.0.1:{{upstream}}/v1" }
            models:
              bench-1: { provider: old, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
              bench-2: { provider: new, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
            routes:
              chat: { model: bench-1 }
            migrations:
              MIG-bench: { route: chat, to: bench-2, start: auto, steps: [10%], hold: 1h }
            admin: { openMetrics: true }
            """);

    /// <summary>A route to an upstream of each protocol: <c>chat</c> and <c>claude</c>.</summary>
    public static Task<Peer> StartBothAsync(int port, int upstream, string folder) => ServeAsync(port, folder,
            $$"""
            providers:
              old: { kind: openai, baseUrl: "http://127.0.0.1:{{upstream}}/v1" }
              new: { kind: anthropic, baseUrl: "http://127.0.0.1:{{upstream}}" }
            models:
              bench-1: { provider: old, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
              bench-2: { provider: new, inputCostPer1k: 0.001, outputCostPer1k: 0.002, maxOutputTokens: 1000 }
            routes:
              chat: { model: bench-1 }
              claude: { model: bench-2 }
            admin: { openMetrics: true }
            """);

    private static Task<Peer> ServeAsync(int port, string folder, string configuration)
    {
        var file = Path.Combine(folder, "model-migrate.yaml");
        File.WriteAllText(file, configuration);
        return Peer.StartAsync("gateway", port, "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "model-migrate.dll"), "serve", "--config", file,
            "--urls", $"http://127.0.0.1:{port}", "--data", Path.Combine(folder, "data"),
        ]);
    }
}
