using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>
/// Reads what a provider of the chat completions protocol does otherwise than OpenAI, so that a new one needs no code. What is not
/// written follows from the kind.
/// </summary>
internal static class DialectSection
{
    public static ProviderConfig Read(MapReader provider, ProviderConfig config)
    {
        var preset = config.Preset;
        return config with
        {
            KeyHeader = HeaderName(provider) ?? preset.KeyHeader,
            Rejects = RejectedNames.Read(provider) ?? preset.Rejects,
            Paths = preset.Paths with
            {
                Health = Path(provider, "healthPath") ?? preset.Paths.Health,
                Models = Path(provider, "modelsPath") ?? preset.Paths.Models,
                Transcriptions = Path(provider, "transcriptionsPath") ?? preset.Paths.Transcriptions,
            },
        };
    }

    private static string? HeaderName(MapReader provider)
    {
        if (provider.Text("keyHeader") is not { } name)
        {
            return null;
        }

        if (name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return name;
        }

        provider.Problems.Error(
            provider.At("keyHeader"), provider.PathOf("keyHeader"), "bad-header", $"{provider.PathOf("keyHeader")} is '{MapReader.Shown(name)}', which is no name of a header.",
            "Write for example api-key; without it the key travels as 'Authorization: Bearer'.");
        return null;
    }

    private static string? Path(MapReader provider, string key)
    {
        if (provider.Text(key) is not { } path)
        {
            return null;
        }

        if (path.StartsWith('/') && !path.Any(c => char.IsWhiteSpace(c) || c is '#' or > '~'))
        {
            return path;
        }

        provider.Problems.Error(
            provider.At(key), provider.PathOf(key), "bad-path", $"{provider.PathOf(key)} is '{MapReader.Shown(path)}', which is no path below baseUrl.",
            "Begin it with '/', or with '//' to go on from the server's root.");
        return null;
    }
}
