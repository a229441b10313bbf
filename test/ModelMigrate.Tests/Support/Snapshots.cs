using System.Collections.Frozen;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Tests.Support;

/// <summary>Small routing values for tests that do not care for a configuration file.</summary>
internal static class Snapshots
{
    public static ModelSnapshot Model(string id = "gpt", ProviderKind kind = ProviderKind.OpenAi, string url = "http://127.0.0.1:9/v1") => new()
    {
        Id = new ModelId(id),
        Name = id + "-upstream",
        Provider = new ProviderSnapshot { Id = new ProviderId(kind.ToString()), Kind = kind, BaseUrl = new Uri(url), ApiKey = new Secret("key") },
        Fingerprint = id,
    };

    public static SplitSnapshot Split(int weightPpm, ModelSnapshot? source = null, ModelSnapshot? target = null) => new()
    {
        Migration = new MigrationId("MIG-test"),
        Attempt = 1,
        Seed = 7,
        WeightPpm = weightPpm,
        Source = source ?? Model(),
        Target = target ?? Model("claude", ProviderKind.Anthropic, "http://127.0.0.1:9"),
        TargetProven = false,
    };

    public static RouteSnapshot Route(SplitSnapshot? split = null, string id = "chat", ModelSnapshot? model = null) => new()
    {
        Id = new RouteId(id),
        Model = model ?? split?.Source ?? Model(),
        Split = split,
    };

    public static RoutingSnapshot Of(long revision, params RouteSnapshot[] routes) => new()
    {
        Revision = revision,
        Cause = "test",
        At = DateTimeOffset.UnixEpoch,
        Routes = routes.ToFrozenDictionary(r => r.Id.Value),
    };
}
