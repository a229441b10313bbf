using System.Text;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Serving;

public sealed class HybridServeTests
{
    [Fact]
    public async Task Serve_RestartedAndReloaded_TheBudgetIsSpentOnce()
    {
        var folder = Directory.CreateTempSubdirectory("mm-hybrid-");
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, $$"""
            providers:
              here: { kind: openai, baseUrl: "{{old.Url}}v1" }
              there: { kind: openai, baseUrl: "{{young.Url}}v1" }
            models: { old: here, new: there }
            routes: { chat: old }
            migrations:
              MIG-both: { route: chat, to: new, strategy: hybrid, mode: new-primary, exposureBudget: 10 }
            """);
        var options = new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data") };
        for (var life = 0; life < 3; life++)
        {
            var (server, fault) = await RunningServer.TryStartAsync(options, TimeProvider.System, CancellationToken.None);
            Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
            await using (server)
            {
                using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.Url };
                // The first chunk is granted by the first look of the controller.
                for (var i = 0; i < 200 && (life > 0 ? i < 20 : young.Requests.Count < 10); i++)
                {
                    using var body = new StringContent(ChatSamples.Plain, Encoding.UTF8, "application/json");
                    using var answer = await http.PostAsync("/v1/chat/completions", body);
                    Assert.True(answer.IsSuccessStatusCode);
                    await Task.Delay(TimeSpan.FromMilliseconds(life == 0 ? 20 : 0), TimeProvider.System);
                }

                using var after = new StringContent(ChatSamples.Plain, Encoding.UTF8, "application/json");
                using var last = await http.PostAsync("/v1/chat/completions", after);
                Assert.Equal("old", last.Headers.GetValues("x-model-migrate-model").Single());
            }
        }

        Assert.Equal(10, young.Requests.Count);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Serve_ModeChangedInTheFile_TakesEffectOnTheNextRequestsWithoutARestart()
    {
        var folder = Directory.CreateTempSubdirectory("mm-mode-");
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        string With(string mode) => $$"""
            providers:
              here: { kind: openai, baseUrl: "{{old.Url}}v1" }
              there: { kind: openai, baseUrl: "{{young.Url}}v1" }
            models: { old: here, new: there }
            routes: { chat: old }
            migrations:
              MIG-both: { route: chat, to: new, strategy: hybrid, mode: {{mode}} }
            """;
        await File.WriteAllTextAsync(config, With("legacy-primary"));
        var options = new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data") };
        var (server, fault) = await RunningServer.TryStartAsync(options, TimeProvider.System, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.Url };
            Assert.Equal("old", await AnsweringAsync(http));

            await File.WriteAllTextAsync(config, With("new-primary"));
            await UntilAsync(http, "new");
            var before = old.Requests.Count;
            Assert.Equal(Enumerable.Repeat("new", 20), await ManyAsync(http));
            Assert.Equal(before, old.Requests.Count);

            await File.WriteAllTextAsync(config, With("hybrid"));
            var began = TimeProvider.System.GetTimestamp();
            while (old.Requests.Count == before)
            {
                Assert.Equal("new", await AnsweringAsync(http));
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "The source was never compared with.");
            }

            await File.WriteAllTextAsync(config, With("legacy-primary"));
            await UntilAsync(http, "old");
            before = young.Requests.Count;
            Assert.Equal(Enumerable.Repeat("old", 20), await ManyAsync(http));
            Assert.Equal(before, young.Requests.Count);
        }

        folder.Delete(recursive: true);
    }

    /// <summary>The file is looked at once a second; asks until its word is heard.</summary>
    private static async Task UntilAsync(HttpClient http, string model)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await AnsweringAsync(http) != model)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"'{model}' never answered.");
        }
    }

    private static async Task<IEnumerable<string>> ManyAsync(HttpClient http)
    {
        var models = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            models.Add(await AnsweringAsync(http));
        }

        return models;
    }

    private static async Task<string> AnsweringAsync(HttpClient http)
    {
        using var body = new StringContent(ChatSamples.Plain, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/chat/completions", body);
        Assert.True(answer.IsSuccessStatusCode);
        return answer.Headers.GetValues("x-model-migrate-model").Single();
    }
}
