using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Core.Chat;
using ModelMigrate.Gateway.Ingress.OpenAi.Passed;
using ModelMigrate.Gateway.Ingress.OpenAi.Responses;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>A request that came in a file instead of over a connection, read by the readers that serve its path live.</summary>
public sealed class GivenRequest
{
    private GivenRequest(ChatBody body) => Body = body;

    /// <summary>The paths that can be read.</summary>
    public static IReadOnlyList<string> Paths { get; } = 
        [UnservedEndpoint.Chat, UnservedEndpoint.Messages, UnservedEndpoint.Responses, UnservedEndpoint.Completions, UnservedEndpoint.Embeddings];

    /// <summary>Paths whose requests are forms with a recording, which no file of lines can hold.</summary>
    public static IReadOnlyList<string> Forms { get; } = [UnservedEndpoint.Transcriptions, UnservedEndpoint.Translations];

    public ChatBody Body { get; }

    /// <summary>Reads a body, or says in a sentence what is wrong with it.</summary>
    public static bool TryRead(string path, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out GivenRequest? read, out string problem)
    {
        RequestProblem wrong = default;
        var body = path switch
        {
            UnservedEndpoint.Chat => OpenAi.Reader.TryRead(bytes, out var chat, out wrong) ? chat : null,
            UnservedEndpoint.Messages => Anthropic.Reader.TryRead(bytes, out var messages, out wrong) ? messages : null,
            UnservedEndpoint.Responses => ResponseReader.TryRead(bytes, out var response, out wrong) ? response : null,
            UnservedEndpoint.Completions => BodyScan.TryRead<CompletionReader>(bytes, out var completion, out wrong) ? completion : null,
            UnservedEndpoint.Embeddings => BodyScan.TryRead<EmbeddingReader>(bytes, out var embedding, out wrong) ? embedding : null,
            _ => throw new ArgumentOutOfRangeException(nameof(path), path, null),
        };
        read = body is null ? null : new GivenRequest(body);
        problem = wrong.Message ?? "";
        return read is not null;
    }

    /// <summary>The request in the neutral language, or which field of it is wrong.</summary>
    public (ChatRequest? Request, ChatError? Error) Translate()
    {
        var isRead = Body.Protocol == Core.Catalog.ProviderKind.Anthropic
            ? Anthropic.Translating.Translator.TryTranslate(Body.Bytes, out var request, out var error)
            : Body.Operation == Operation.Responses ? ResponseTranslator.TryTranslate(Body.Bytes, out request, out error)
            : OpenAi.Translating.Translator.TryTranslate(Body.Bytes, out request, out error);
        return isRead ? (request, null) : (null, error);
    }
}
