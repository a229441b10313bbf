using System.Text.RegularExpressions;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>The product as its own process, in the middle of a canary at 50 % between an OpenAI and an Anthropic upstream.</summary>
internal sealed partial class CanaryServer : IAsyncDisposable
{
    public const string Migration = "MIG-e2e";

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;

    private CanaryServer(ChildProcess process, DirectoryInfo folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    public Uri Url { get; }

    public ChildProcess Process => _process;

    /// <param name="openAi">Base URL with /v1.</param>
    /// <param name="anthropic">Base URL without it.</param>
    public static Task<CanaryServer> StartAsync(Uri openAi, Uri anthropic) => StartAsync($"""
            providers:
              old: {'{'} kind: openai, baseUrl: "{openAi.ToString().TrimEnd('/')}" {'}'}
              new: {'{'} kind: anthropic, baseUrl: "{anthropic.ToString().TrimEnd('/')}" {'}'}
            models:
              old-model: old
              new-model: {'{'} provider: new, maxOutputTokens: 1024 {'}'}
            routes:
              chat: old-model
            migrations:
              {Migration}:
                route: chat
                to: new-model
                steps: [50%]
                hold: 1h
                start: auto

            """);

    /// <summary>The product with a configuration of the test's own.</summary>
    public static async Task<CanaryServer> StartAsync(string configuration)
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-e2e-");
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, configuration);
        var process = ChildProcess.StartProduct(
            "serve", "--config", config, "--data", Path.Combine(folder.FullName, "data"), "--urls", "http://127.0.0.1:0", "--json");
        var url = await process.WaitForAsync(line => Listening().Match(line) is { Success: true } match ? match.Value : null, TimeSpan.FromSeconds(60));
        return new CanaryServer(process, folder, new Uri(url));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Listening();
}
