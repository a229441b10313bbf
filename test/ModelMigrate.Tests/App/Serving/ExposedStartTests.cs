using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Serving;

/// <summary>A start beyond loopback through the real command line, with every piece that can be missing.</summary>
public sealed class ExposedStartTests : IDisposable
{
    private const string NoToken = "The admin API would listen on {0}, beyond loopback, without a token. Set admin.token: ${{MODEL_MIGRATE_ADMIN_TOKEN}} in the configuration, or bind 127.0.0.1.\n";
    private const string NoKeys = "The gateway would listen on {0}, beyond loopback, for anybody. List clientKeys in the configuration, or write allowAnonymousClients: true, or bind 127.0.0.1.\n";
    private const string Base = "providers: { here: { kind: openai, baseUrl: \"http://127.0.0.1:9/v1\" } }\nmodels: { m: here }\nroutes: { chat: m }\n";
    private const string Keys = "clientKeys: [{ name: shop, sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae }]\n";

    // The token is a reference; every test process has the variable that it names.
    private const string Token = "admin: { token: \"${PATH}\" }\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-exposed-");

    [Theory]
    [InlineData("", "http://0.0.0.0:0", null, NoToken + NoKeys)]
    [InlineData("", "http://[::]:0", null, NoToken + NoKeys)]
    [InlineData(Token, "http://0.0.0.0:0", null, NoKeys)]
    [InlineData(Keys, "http://0.0.0.0:0", null, NoToken)]
    [InlineData("allowAnonymousClients: true\n", "http://0.0.0.0:0", null, NoToken)]
    [InlineData("allowAnonymousClients: false\n" + Token, "http://0.0.0.0:0", null, NoKeys)]
    [InlineData("", "http://0.0.0.0:0", "http://127.0.0.1:0", NoKeys)]
    [InlineData(Keys, "http://127.0.0.1:0", "http://0.0.0.0:0", NoToken)]
    [InlineData("", "http://127.0.0.1:0", "http://0.0.0.0:0", NoToken)]
    public async Task Serve_BeyondLoopback_RefusedForWhatIsMissing(string more, string urls, string? adminUrls, string expected)
    {
        var run = await ServeAsync(more, urls, adminUrls);
        Assert.Equal(2, run.Code);
        var exposed = urls.Contains("127.0.0.1", StringComparison.Ordinal) ? adminUrls! : urls;
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, exposed), run.Error);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "data")));
    }

    [Theory]
    [InlineData(Token + Keys)]
    [InlineData(Token + "allowAnonymousClients: true\n")]
    public async Task Serve_BeyondLoopbackWithAllPieces_Serves(string more)
    {
        var run = await ServeAsync(more, "http://0.0.0.0:0", null);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("Stopped", run.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<CliRun> ServeAsync(string more, string urls, string? adminUrls)
    {
        var config = Path.Combine(_folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, Base + more);
        // What is not refused serves until it is stopped.
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        return await CliRun.OfAsync(
            $"serve --config {config} --urls {urls} --data {_folder.FullName}/data" + (adminUrls is null ? "" : $" --admin-urls {adminUrls}"), cancellation: stop.Token);
    }
}
