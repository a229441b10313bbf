using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

public sealed class AnthropicClientTests : ModelClientKit
{
    internal override ProviderKind Kind => ProviderKind.Anthropic;

    internal override string WholeAnswer => ChatSamples.AnthropicAnswer;

    internal override IReadOnlyList<string> Events => ChatSamples.AnthropicEvents;

    internal override int BeforeContent => 3;

    internal override string CredentialHeader => "x-api-key";

    internal override string ErrorBody(string message) => $$$"""{"type":"error","error":{"type":"api_error","message":"{{{message}}}"}}""";

    internal override string ErrorEvent(string message) => $"event: error\ndata: {ErrorBody(message)}\n\n";

    internal override IModelClient Client(ProviderConnections connections) => new AnthropicClient(connections, TimeProvider.System);

    internal override IReadOnlyList<string> TextsOf(JsonElement body) =>
    [
        body.GetProperty("system").GetString()!,
        .. body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content")[0].GetProperty("text").GetString()!),
    ];
}
