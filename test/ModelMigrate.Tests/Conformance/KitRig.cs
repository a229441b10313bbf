using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Probing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>One adapter against a stub, configured as a person would: by a file.</summary>
internal sealed class KitRig : IAsyncDisposable
{
    public const string Key = "live-secret-0123456789";

    /// <summary>On a clock that stands still: however slow the machine is, no connect takes too long.</summary>
    private readonly ProviderConnections _connections = new(new ManualClock());

    private KitRig(KitSamples samples, StubUpstream upstream)
    {
        Upstream = upstream;
        Model = ModelOf(samples.Configuration, new Uri(upstream.Url, samples.BasePath), samples.Model);
        Client = Adapters.For(Model, _connections, TimeProvider.System);
        Probe = new ProviderProbe(_connections, TimeProvider.System);
    }

    public StubUpstream Upstream { get; }

    public ModelSnapshot Model { get; }

    public IModelClient Client { get; }

    public ProviderProbe Probe { get; }

    public static async Task<KitRig> StartAsync(KitSamples samples, StubUpstream.Answer answers) => new(samples, await StubUpstream.StartAsync(answers));

    /// <summary>A model of a provider of some kind at some address, as the configuration compiles it.</summary>
    public static ModelSnapshot ModelOf(string provider, Uri at, string model = "name: m-name")
    {
        var read = ConfigReader.Read(
            $$"""
            providers:
              p: { {{provider}}, baseUrl: "{{at.AbsoluteUri.TrimEnd('/')}}" }
            models:
              m: { provider: p, {{model}} }
            routes:
              chat: m
            """,
            "model-migrate.yaml", name => name switch { "ID" => "AKIDEXAMPLE", "KEY" or "TOKEN" => Key, _ => null });
        Assert.DoesNotContain(read.Problems, problem => problem.Severity == ConfigSeverity.Error);
        return CatalogCompiler.Compile(read.Config!)[new ModelId("m")];
    }

    public ModelCall Call(ChatRequest request) => new() { Model = Model, Request = request };

    public Task<ChatAnswer> CompleteAsync(ChatRequest request) => Client.CompleteAsync(Call(request), default);

    public async Task<List<ChatDelta>> StreamAsync(ChatRequest request)
    {
        var deltas = new List<ChatDelta>();
        await foreach (var delta in Client.StreamAsync(Call(request), default))
        {
            deltas.Add(delta);
        }

        return deltas;
    }

    public async ValueTask DisposeAsync()
    {
        _connections.Dispose();
        await Upstream.DisposeAsync();
    }
}
