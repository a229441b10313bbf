using System.Runtime.CompilerServices;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Providers.Http;

/// <summary>Finds the endpoint of a snapshot's model. Entries live as long as the snapshot that they belong to.</summary>
public sealed class ModelEndpoints(ProviderConnections connections, TimeProvider time)
{
    private readonly ConditionalWeakTable<ModelSnapshot, ModelEndpoint> _endpoints = new();

    internal ModelEndpoint For(ModelSnapshot model) =>
        _endpoints.TryGetValue(model, out var known) ? known : _endpoints.GetValue(model, m => new ModelEndpoint(m, connections, time));
}
