using System.Net.Http.Headers;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.OpenAi.Embeddings;

/// <summary>Asks a model of embeddings for the vector of one text, in the OpenAI protocol. Asked by any number at once.</summary>
public sealed class EmbeddingClient(ProviderConnections connections, TimeProvider time)
{
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(10);

    /// <summary>The vector; or why there is none. Only the caller's own cancellation throws.</summary>
    public async Task<(TextEmbedding? Embedding, ChatError? Error)> EmbedAsync(ModelSnapshot model, string text, CancellationToken cancellation)
    {
        var provider = model.Provider;
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new EmbeddingWire.Question(model.Name, text), EmbeddingJson.Default.Question));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = OpenAiProtocol.Request(OpenAiProtocol.UriOf(model, "/embeddings"), provider, OpenAiProtocol.CredentialOf(provider), body, s_connectLimit);
        await using var upstream = new Upstream(provider, connections.For(provider), cancellation);
        if (await upstream.SendAsync(message, answerHeaders: null, (from, response, said) => OpenAiProtocol.Refused(from, response, said, time.GetUtcNow())) is not null
            || await upstream.ReadWholeAsync(EmbeddingJson.Default.EmbeddingWire) is not { } answer)
        {
            return (null, upstream.Error);
        }

        return answer.Data is [{ Embedding.ValueKind: JsonValueKind.Array } only] && Vector(only.Embedding) is { Length: > 0 } vector
            ? (new TextEmbedding(vector, answer.Usage?.PromptTokens ?? answer.Usage?.TotalTokens, answer.Model), null)
            : (null, upstream.Malformed("an answer that is no embedding of one text"));
    }

    /// <summary>Null when something in it is no finite number.</summary>
    private static double[]? Vector(JsonElement numbers)
    {
        var (vector, count) = (new double[numbers.GetArrayLength()], 0);
        foreach (var number in numbers.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out var value) || !double.IsFinite(value))
            {
                return null;
            }

            vector[count++] = value;
        }

        return vector;
    }
}
