using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Which protocol a client speaks, where the path alone does not say it: what it asks for, or the version header that only one protocol has.</summary>
internal static class ClientProtocol
{
    public static ProviderKind Of(HttpRequest request) =>
        request.Path.StartsWithSegments(UnservedEndpoint.Messages, StringComparison.OrdinalIgnoreCase)
        || (request.Headers.ContainsKey("anthropic-version") && !request.Path.StartsWithSegments(UnservedEndpoint.Chat, StringComparison.OrdinalIgnoreCase))
            ? ProviderKind.Anthropic
            : ProviderKind.OpenAi;
}
