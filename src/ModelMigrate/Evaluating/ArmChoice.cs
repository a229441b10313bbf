using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary>Finds the models that a comparison names: entries of the configuration, or <c>openai:NAME@URL</c> of whatever serves one.</summary>
internal sealed class ArmChoice(CommandContext context, FileInfo configuration)
{
    private IReadOnlyDictionary<ModelId, ModelSnapshot>? _catalog;
    private bool _isRead;

    /// <summary>The arm, or null after what is wrong was added. <paramref name="named"/>: what the asker calls it.</summary>
    public ComparedArm? Find(ArmRole role, string written, List<string> problems, string? named = null) =>
        Model(named ?? (role == ArmRole.Source ? "source" : "target"), written, role == ArmRole.Source ? "MODEL_MIGRATE_SOURCE_KEY" : "MODEL_MIGRATE_TARGET_KEY", problems) is { } model
            ? new ComparedArm(role, written, model)
            : null;

    /// <summary>Any model; <paramref name="variable"/> holds the key of one at an address.</summary>
    public ModelSnapshot? Model(string option, string written, string variable, List<string> problems)
    {
        if (written.Contains('@', StringComparison.Ordinal))
        {
            return OfUrl(option, written, variable, problems);
        }

        if (Catalog(problems) is not { } catalog)
        {
            return null;
        }

        if (catalog.TryGetValue(new ModelId(written), out var model))
        {
            return model;
        }

        var names = catalog.Keys.Select(static id => id.Value).Order(StringComparer.Ordinal).ToList();
        problems.Add($"{option}: '{written}' is not in {configuration.Name}. {(NearestName.Of(written, names) is { } near ? $"Did you mean '{near}'?" : $"Write one of {string.Join(", ", names)}, or openai:NAME@URL.")}");
        return null;
    }

    private IReadOnlyDictionary<ModelId, ModelSnapshot>? Catalog(List<string> problems)
    {
        if (!_isRead)
        {
            _isRead = true;
            var (config, _, code) = ConfigurationFile.Read(context, configuration);
            _catalog = config is null ? null : CatalogCompiler.Compile(config);
            if (code != ExitCode.Ok)
            {
                problems.Add("Models by name need the configuration that declares them; name it, or write the models as openai:NAME@URL.");
            }
        }

        return _catalog;
    }

    private ModelSnapshot? OfUrl(string option, string written, string variable, List<string> problems)
    {
        var (colon, at) = (written.IndexOf(':', StringComparison.Ordinal), written.IndexOf('@', StringComparison.Ordinal));
        var kind = colon > 0 && colon < at ? written[..colon] : "";
        ProviderKind? protocol = kind switch { "openai" => ProviderKind.OpenAi, "anthropic" => ProviderKind.Anthropic, "gemini" => ProviderKind.Gemini, _ => null };
        if (protocol is not { } known || at - colon < 2 || ServerAddress.Of(written[(at + 1)..]) is not { } url)
        {
            problems.Add($"{option}: '{written[..Math.Min(written.Length, at)]}@…' is no model at an address; write for example openai:gpt-4.1@https://api.openai.com/v1. A key stands in {variable}, never in the address.");
            return null;
        }

        var (name, address) = (written[(colon + 1)..at], url.AbsoluteUri.TrimEnd('/'));
        return new ModelSnapshot
        {
            Id = new ModelId(name),
            Name = name,
            Provider = new ProviderSnapshot
            {
                Id = new ProviderId(url.Host), Kind = known, BaseUrl = new Uri(address), ApiKey = context.Terminal.Environment(variable) is { } key ? new Secret(key) : null,
            },
            Fingerprint = $"{kind}:{name}@{address}",
        };
    }
}
