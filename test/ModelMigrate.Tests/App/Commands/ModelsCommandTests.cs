using System.Text.Json;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Commands;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task Check_WithoutAConfiguration_NamesEveryAdapterAndWhatIsOnlyHeldAgainstAStub()
    {
        var run = await CliRun.OfAsync("models check --json");

        Assert.Equal(0, run.Code);
        using var read = JsonDocument.Parse(run.Out);
        var adapters = read.RootElement.GetProperty("adapters").EnumerateArray().ToList();
        Assert.Equal(BundledCatalog.Providers.Select(preset => preset.Name), adapters.Select(adapter => adapter.GetProperty("name").GetString()));
        Assert.Equal(
            BundledCatalog.Providers.Where(preset => preset.VerifiedAgainst.All(claim => claim.By == VerifiedBy.OwnStub)).Select(preset => preset.Name),
            adapters.Where(adapter => adapter.GetProperty("only_own_stub").GetBoolean()).Select(adapter => adapter.GetProperty("name").GetString()));
        Assert.Contains("recording", adapters[0].GetProperty("verified_against")[0].GetProperty("by").GetString(), StringComparison.Ordinal);
        Assert.Equal(BundledCatalog.Models.Count, read.RootElement.GetProperty("models").GetArrayLength());
        Assert.Contains("only a stub of our own", (await CliRun.OfAsync("models check")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100000", 0)]
    [InlineData("0", 1)]
    public async Task Check_ByAge_SaysWhatIsStale(string days, int stale)
    {
        var run = await CliRun.OfAsync($"models check --json --older-than {days}");

        using var read = JsonDocument.Parse(run.Out);
        Assert.Equal(stale == 1, read.RootElement.GetProperty("models").EnumerateArray().Any(model => model.GetProperty("stale").GetBoolean()));
        Assert.Equal(stale == 1, run.Error.Contains("Look the stale ones up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_OfAConfiguration_ShowsOnlyWhatItUsesAndWhatItReplaces()
    {
        using var file = new TemporaryFile("""
            providers: { openai: { apiKey: "${KEY}" }, proxy: { kind: openai, baseUrl: "http://127.0.0.1:1/v1" } }
            models: { gpt-4o: { provider: openai, inputCostPer1k: 1 }, gpt-4o-mini: openai, other: { provider: proxy, name: gpt-4o } }
            routes: { chat: gpt-4o }
            """);

        var run = await CliRun.OfAsync($"models check --json --config {file.Path}", name => name == "KEY" ? "value" : null);

        Assert.Equal(0, run.Code);
        using var read = JsonDocument.Parse(run.Out);
        Assert.Equal("openai", Assert.Single(read.RootElement.GetProperty("adapters").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(
            ["gpt-4o inputCostPer1k", "gpt-4o-mini "],
            read.RootElement.GetProperty("models").EnumerateArray()
                .Select(model => $"{model.GetProperty("name").GetString()} {string.Join(' ', model.GetProperty("replaced").EnumerateArray().Select(name => name.GetString()))}"));
    }

    [Fact]
    public async Task Check_Live_AsksEachProviderAndSaysWhatDiffers()
    {
        await using var serving = await StubUpstream.StartAsync(StubUpstream.Json("""{"data":[{"id":"m","max_model_len":8192}]}"""));
        await using var failing = await StubUpstream.StartAsync(StubUpstream.Json("{}", 503));
        using var file = new TemporaryFile($$"""
            providers: { v: { kind: vllm, baseUrl: "{{serving.Url}}v1" }, o: { kind: openai, apiKey: "${KEY}", baseUrl: "{{failing.Url}}v1" } }
            models: { m: { provider: v, contextLength: 4096 }, n: o }
            routes: { chat: m }
            """);

        var run = await CliRun.OfAsync($"models check --live --json --config {file.Path}", name => name == "KEY" ? "live-secret" : null);

        Assert.Equal(1, run.Code);
        using var read = JsonDocument.Parse(run.Out);
        var live = read.RootElement.GetProperty("live").EnumerateArray().ToList();
        Assert.Equal("contextLength 8192 instead of 4096", live[0].GetProperty("differs")[0].GetString());
        Assert.Contains("503", live[1].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("live-secret", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(["/health", "/v1/models"], serving.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Check_LiveWithoutAConfiguration_SaysWhatIsMissing()
    {
        var run = await CliRun.OfAsync("models check --live --config no-such-file.yaml");

        Assert.Equal(2, run.Code);
        Assert.Contains("no-such-file.yaml", run.Error, StringComparison.Ordinal);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"models-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}.yaml");

        public void Dispose() => File.Delete(Path);
    }
}
