using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Limits;

/// <summary><c>serve</c> as a real process that is killed in the middle of requests, again and again, while a budget is being spent.</summary>
[Trait("kind", "slow")]
public sealed partial class BudgetKillTests
{
    private const int Budget = 3_000;
    private const int Each = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Budget_KilledAgainAndAgain_ProvidersBillNoMoreThanIt()
    {
        var folder = Directory.CreateTempSubdirectory("mm-budget-kill-");
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        var hash = Convert.ToHexStringLower(SHA256.HashData("mm-key"u8));
        await File.WriteAllTextAsync(config, $$"""
            providers: { here: { kind: openai, baseUrl: "{{upstream.Url}}v1" } }
            models: { m: here }
            routes: { chat: m }
            clientKeys: [{ name: app, sha256: {{hash}}, budgets: [{ per: month, tokens: {{Budget}} }] }]
            """);
        var (served, refused) = (0, 0);
        for (var life = 0; life < 8; life++)
        {
            await using var process = ChildProcess.Start(
                "dotnet", [ChildProcess.ModelMigrate, "serve", "--config", config, "--data", Path.Combine(folder.FullName, "data"), "--urls", "http://127.0.0.1:0", "--json"],
                new Dictionary<string, string>());
            var url = await process.WaitForAsync(line => Listening().Match(line) is { Success: true } match ? match.Value : null, s_patience);
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(url) };
            var before = upstream.Requests.Count;
            var sending = Enumerable.Range(0, 4).Select(async _ =>
            {
                while (await StatusAsync(http) is { } status)
                {
                    Interlocked.Increment(ref status == HttpStatusCode.OK ? ref served : ref refused);
                    if (status == HttpStatusCode.TooManyRequests)
                    {
                        await Task.Yield();
                    }
                }
            }).ToList();

            // The last life runs until nothing is left.
            while (life < 7 ? upstream.Requests.Count < before + 20 && refused < 50 : refused < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            process.Kill();
            await Task.WhenAll(sending);
            await process.WaitForExitAsync(s_patience);
        }

        // Every life but the last lost what was under way, and at most five hundredths.
        var billed = upstream.Requests.Count * Each;
        Assert.InRange(billed, 500, Budget);
        Assert.True(served * Each <= billed && refused >= 50);
        folder.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"chat","max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json"),
        };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "mm-key");
        try
        {
            using var answer = await http.SendAsync(message);
            return answer.StatusCode;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Listening();
}
