using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Probing;

namespace ModelMigrate.Commands.Models;

/// <summary>What a provider itself says of one model.</summary>
/// <param name="Provider">The configuration's name of the provider.</param>
/// <param name="Model">The configuration's name of the model.</param>
/// <param name="Problem">Why it does not serve, or null.</param>
/// <param name="Info">What it tells of the model, or null where it tells nothing.</param>
/// <param name="Differs">Where that is not what the catalog says: <c>contextLength 8192 instead of 4096</c>.</param>
internal sealed record LiveCheck(string Provider, string Model, string? Problem, ModelInfo? Info, IReadOnlyList<string> Differs)
{
    /// <summary>Asks every configured model's provider, one after the other.</summary>
    public static async Task<IReadOnlyList<LiveCheck>> AskAsync(
        ModelMigrateConfig config, ProviderConnections connections, TimeProvider time, CancellationToken cancellation)
    {
        var probe = new ProviderProbe(connections, time);
        var asked = new List<LiveCheck>();
        foreach (var model in CatalogCompiler.Compile(config).Values.OrderBy(model => model.Id.Value, StringComparer.Ordinal))
        {
            asked.Add(await AskAsync(probe, model, cancellation));
        }

        return asked;
    }

    private static async Task<LiveCheck> AskAsync(ProviderProbe probe, ModelSnapshot model, CancellationToken cancellation)
    {
        var (provider, id) = (model.Provider.Id.Value, model.Id.Value);
        if (await probe.CheckAsync(model, cancellation) is { } problem)
        {
            return new LiveCheck(provider, id, problem.Message, null, []);
        }

        if (model.Provider.Paths.Models is null)
        {
            return new LiveCheck(provider, id, null, null, []);
        }

        var (info, error) = await probe.DescribeAsync(model, cancellation);
        return new LiveCheck(provider, id, error?.Message, info, info is null ? [] : Differences(model, info));
    }

    private static List<string> Differences(ModelSnapshot model, ModelInfo info)
    {
        var differs = new List<string>();
        Compare("contextLength", model.ContextLength, info.ContextLength);
        Compare("maxOutputTokens", model.MaxOutputTokens, info.MaxOutputTokens);
        Compare("inputCostPer1k", model.InputCostPer1K, info.InputCostPer1K);
        Compare("outputCostPer1k", model.OutputCostPer1K, info.OutputCostPer1K);
        return differs;

        void Compare<T>(string name, T? ours, T? theirs)
            where T : struct
        {
            if (ours is { } known && theirs is { } told && !known.Equals(told))
            {
                differs.Add($"{name} {told} instead of {known}");
            }
        }
    }
}
