using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

public sealed class OpenAiClientTests : ModelClientKit
{
    internal override ProviderKind Kind => ProviderKind.OpenAi;

    internal override string WholeAnswer => ChatSamples.Answer;

    internal override IReadOnlyList<string> Events => ChatSamples.Chunks;

    internal override int BeforeContent => 1;

    internal override string CredentialHeader => "Authorization";

    internal override string ErrorBody(string message) => $$$"""{"error":{"message":"{{{message}}}","type":"t","param":null,"code":null}}""";

    internal override string ErrorEvent(string message) => $"data: {ErrorBody(message)}\n\n";

    internal override IModelClient Client(ProviderConnections connections) => new OpenAiClient(connections, TimeProvider.System);

    internal override IReadOnlyList<string> TextsOf(JsonElement body) =>
        [.. body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!)];
}
