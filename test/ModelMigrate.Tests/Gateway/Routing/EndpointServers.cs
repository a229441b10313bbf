using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Routing;

/// <summary>Several servers of one model, and a gateway in front of them.</summary>
internal sealed class EndpointServers : IAsyncDisposable
{
    private readonly List<StubUpstream> _servers = [];

    public StubUpstream this[int i] => _servers[i];

    public int[] Counts => [.. _servers.Select(server => server.Requests.Count)];

    public IReadOnlyList<IEnumerable<StubUpstream.Received>> Received => [.. _servers.Select(server => server.Requests)];

    public static async Task<EndpointServers> StartAsync(int count)
    {
        var servers = new EndpointServers();
        for (var i = 0; i < count; i++)
        {
            servers._servers.Add(await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer)));
        }

        return servers;
    }

    public ModelSnapshot Model(Func<ModelSnapshot, int, ModelSnapshot>? edit = null)
    {
        ModelSnapshot[] endpoints =
        [
            .. _servers.Select((server, i) =>
            {
                var endpoint = GatewayHost.Model($"e{i}", server) with { Id = new ModelId("m"), IsEndpoint = true, Place = Bucketing.Murmur3([(byte)i], 1) };
                return edit?.Invoke(endpoint, i) ?? endpoint;
            }),
        ];
        return endpoints[0] with { IsEndpoint = false, Endpoints = endpoints, Fingerprint = "all" };
    }

    public Task<GatewayHost> GatewayAsync(
        EndpointStrategy strategy, RouteLimits? limits = null, Func<ModelSnapshot, int, ModelSnapshot>? edit = null, bool affinity = false, IReadOnlyList<AnswerCheck>? checks = null) =>
        GatewayHost.StartAsync(GatewayHost.Route(Model(edit), limits) with { Strategy = strategy, Affinity = affinity, Checks = checks ?? [] });

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
