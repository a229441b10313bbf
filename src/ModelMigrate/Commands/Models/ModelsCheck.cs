using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Configuration;

namespace ModelMigrate.Commands.Models;

/// <summary>The answer of <c>models check</c>.</summary>
internal sealed record ModelsCheck
{
    public required DateOnly Today { get; init; }

    public required int OlderThanDays { get; init; }

    /// <summary>All that ship with the program; those of the configuration's providers when there is one.</summary>
    public required IReadOnlyList<CheckedAdapter> Adapters { get; init; }

    /// <summary>The bundled entries; those that the configuration's models use when there is one.</summary>
    public required IReadOnlyList<CheckedModel> Models { get; init; }

    /// <summary>What the providers themselves said, when they were asked.</summary>
    public IReadOnlyList<LiveCheck> Live { get; init; } = [];

    public static ModelsCheck Of(ModelMigrateConfig? config, DateOnly today, int days) => new()
    {
        Today = today,
        OlderThanDays = days,
        Adapters =
        [
            .. BundledCatalog.Providers
                .Where(preset => config is null || config.Providers.Any(provider => provider.Preset == preset))
                .Select(preset => new CheckedAdapter(
                    preset.Name, NameOf(preset.Protocol), preset.VerifiedAgainst, preset.VerifiedAgainst.All(claim => claim.By == VerifiedBy.OwnStub), preset.Sources)),
        ],
        Models = config is null
            ? [.. BundledCatalog.Models.Select(model => CheckedModel.Of(model, [], today, days))]
            : [.. config.Models.Where(model => model.Bundled is not null).Select(model => CheckedModel.Of(model.Bundled!, Replaced(model, model.Bundled!), today, days))],
    };

    private static List<string> Replaced(ModelConfig written, BundledModel bundled)
    {
        var replaced = new List<string>();
        Add("inputCostPer1k", written.InputCostPer1K != bundled.InputCostPer1k);
        Add("outputCostPer1k", written.OutputCostPer1K != bundled.OutputCostPer1k);
        Add("contextLength", written.ContextLength != bundled.ContextLength);
        Add("capabilities", !ReferenceEquals(written.Capabilities, bundled.Capabilities));
        Add("rejects", !ReferenceEquals(written.Rejects, bundled.Rejects));
        return replaced;

        void Add(string name, bool isReplaced)
        {
            if (isReplaced)
            {
                replaced.Add(name);
            }
        }
    }

    private static string NameOf(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAi => "openai",
        ProviderKind.Anthropic => "anthropic",
        ProviderKind.Gemini => "gemini",
        ProviderKind.Bedrock => "bedrock",
    };
}
