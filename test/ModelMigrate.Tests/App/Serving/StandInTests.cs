using System.Text;
using ModelMigrate.Core.Api;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Serving;

/// <summary>Who stands in for a source that is dead after a rollback: the first fallback that answers, asked over real HTTP.</summary>
public sealed class StandInTests : IAsyncLifetime
{
    private const string Ok =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"OK"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-standin-");
    private readonly Dictionary<string, StubUpstream> _stubs = [];

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "old", "first", "second", "third", "new" })
        {
            _stubs[name] = await StubUpstream.StartAsync(StubUpstream.Json(Ok));
        }
    }

    [Fact]
    public async Task Rollback_SourceAndFirstFallbackDead_SecondServesAndThirdIsNotAsked()
    {
        Fail("old", 500);
        Fail("first", 401);
        var (failed, alert, served) = await RollBackAsync();
        Assert.Equal("failed", failed.Phase);
        Assert.Equal("second", served);
        Assert.Contains("first does not: ", alert, StringComparison.Ordinal);
        Assert.Contains("second serves", alert, StringComparison.Ordinal);
        Assert.NotEmpty(_stubs["first"].Requests);
        Assert.Empty(_stubs["third"].Requests);
        Assert.Empty(_stubs["new"].Requests);
    }

    [Fact]
    public async Task Rollback_EverybodyDead_FailedWithAnAlertThatListsEveryProbe()
    {
        Fail("old", 500);
        Fail("first", 401);
        Fail("second", 503);
        await _stubs["third"].DisposeAsync();
        var (failed, alert, served) = await RollBackAsync();
        Assert.Equal("failed", failed.Phase);
        Assert.Equal("old", served);
        var places = new[] { "does not serve: ", "first does not: ", "second does not: ", "third does not: ", "Nothing serves instead" }
            .Select(text => alert.IndexOf(text, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task Rollback_SourceServes_NoFallbackIsAsked()
    {
        var (rolled, _, served) = await RollBackAsync();
        Assert.Equal(("rolled_back", "old"), (rolled.Phase, served));
        Assert.Empty(_stubs["first"].Requests);
    }

    public async Task DisposeAsync()
    {
        foreach (var stub in _stubs.Values)
        {
            await stub.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private void Fail(string name, int status) => _stubs[name].Answers = StubUpstream.Json($$$"""{"error":{"message":"{{{name}}} is broken","type":"x"}}""", status);

    private async Task<(MigrationDetail Migration, string Alert, string Served)> RollBackAsync()
    {
        var config = Path.Combine(_folder.FullName, "model-migrate.yaml");
        var text = new StringBuilder("providers:\n");
        foreach (var (name, stub) in _stubs)
        {
            text.Append($"  at-{name}: {{ kind: openai, baseUrl: \"{stub.Url.ToString().TrimEnd('/')}/v1\" }}\n");
        }

        text.Append("models:\n").AppendJoin('\n', _stubs.Keys.Select(name => $"  {name}: at-{name}"))
            .Append("\nroutes:\n  chat: { model: old, fallback: [first, new, second, third] }\nmigrations:\n  MIG-1: { route: chat, to: new, start: auto }\n");
        await File.WriteAllTextAsync(config, text.ToString());
        var (server, fault) = await RunningServer.TryStartAsync(
            new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(_folder.FullName, "data") },
            TimeProvider.System, CancellationToken.None);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server!.AdminUrl };
            var client = new AdminClient(http);
            Assert.NotNull((await client.RollbackAsync("MIG-1", "drill")).Value);
            var migration = (await client.MigrationAsync("MIG-1")).Value!;
            while (migration.Active)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
                migration = (await client.MigrationAsync("MIG-1")).Value!;
            }

            var events = server.Control.Journal.Events("MIG-1", 20);
            return (migration, events.SingleOrDefault(item => item.Kind == "alert")?.Reason ?? "", server.Feed.Current.Routes["chat"].Model.Id.Value);
        }
    }
}
