using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads a provider's keys that are about AWS: the region, and either a Bedrock key or credentials that sign.</summary>
internal static class AwsSection
{
    private const string Credentials =
        "Write 'accessKeyId: ${AWS_ACCESS_KEY_ID}' and 'secretAccessKey: ${AWS_SECRET_ACCESS_KEY}', or 'apiKey: ${AWS_BEARER_TOKEN_BEDROCK}'.";

    /// <summary>The region; null after saying that there is none, or that it is no region.</summary>
    public static string? Region(MapReader provider)
    {
        provider.Missing("region", "Write the AWS region that serves the models, for example 'region: us-east-1'.");
        if (provider.Text("region") is not { } region)
        {
            return null;
        }

        if (region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return region;
        }

        provider.Problems.Error(
            provider.At("region"), provider.PathOf("region"), "bad-region", $"{provider.PathOf("region")} is '{MapReader.Shown(region)}', which is no AWS region.",
            "Write for example us-east-1.");
        return null;
    }

    public static AwsAccess? Read(MapReader provider, string region, Secret? apiKey)
    {
        var id = provider.Credential("accessKeyId", "AWS_ACCESS_KEY_ID");
        var key = provider.Credential("secretAccessKey", "AWS_SECRET_ACCESS_KEY");
        var session = provider.Credential("sessionToken", "AWS_SESSION_TOKEN");
        if (id is not null && key is not null)
        {
            if (apiKey is not null)
            {
                provider.Problems.Error(
                    provider.At("apiKey"), provider.PathOf("apiKey"), "two-credentials", $"{provider.PathOf("apiKey")} stands beside credentials that sign.", "Keep one of the two.");
            }

            return new AwsAccess(region, id.Reveal(), key, session);
        }

        if (provider.Has("accessKeyId") != provider.Has("secretAccessKey"))
        {
            provider.Missing("accessKeyId", "Write 'accessKeyId: ${AWS_ACCESS_KEY_ID}'; the two go together.");
            provider.Missing("secretAccessKey", "Write 'secretAccessKey: ${AWS_SECRET_ACCESS_KEY}'; the two go together.");
        }
        else if (!provider.Has("accessKeyId") && !provider.Has("apiKey"))
        {
            provider.Missing("accessKeyId", Credentials);
        }

        return null;
    }
}
