using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Probing;

/// <summary>Asks a provider, without using a model, whether it serves and what it says of one.</summary>
public sealed class ProviderProbe(ProviderConnections connections, TimeProvider time)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>Whether it serves and takes our key: null, or what is wrong.</summary>
    public async Task<ChatError?> CheckAsync(ModelSnapshot model, CancellationToken cancellation)
    {
        if (ProbePaths.Health(model) is not { } uri)
        {
            return null;
        }

        await using var upstream = Open(model, cancellation);
        using var message = Request(model, uri);
        return await upstream.SendAsync(message, answerHeaders: null, (_, r, body) => Refused(model, r, body));
    }

    /// <summary>What the provider says of a model, or why that is not known.</summary>
    public async Task<(ModelInfo? Info, ChatError? Error)> DescribeAsync(ModelSnapshot model, CancellationToken cancellation)
    {
        if (ProbePaths.Models(model) is not { } uri)
        {
            return (null, new ChatError(ChatErrorKind.Configuration, $"The provider '{model.Provider.Id}' tells nothing of its models."));
        }

        await using var upstream = Open(model, cancellation);
        using var message = Request(model, uri);
        if (await upstream.SendAsync(message, answerHeaders: null, (_, r, body) => Refused(model, r, body)) is not null
            || await upstream.ReadWholeAsync(ProbeJson.Default.JsonDocument) is not { } read)
        {
            return (null, upstream.Error);
        }

        using (read)
        {
            return ModelInfoReader.Find(read.RootElement, model.Name) is { } info
                ? (info, null)
                : (null, new ChatError(ChatErrorKind.Configuration, $"The provider '{model.Provider.Id}' lists no model '{model.Name}'; correct its name."));
        }
    }

    private ProviderRequest Request(ModelSnapshot model, Uri uri)
    {
        var message = new ProviderRequest(uri, content: null, ConnectLimit);
        Credentials.Add(message, model.Provider, [], time.GetUtcNow());
        return message;
    }

    private ChatError Refused(ModelSnapshot model, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var status = (int)response.StatusCode;
        var kind = UpstreamFailure.KindOf(status, words: null);
        return new ChatError(kind == ChatErrorKind.Request ? ChatErrorKind.Configuration : kind, $"The provider '{model.Provider.Id}' answered {status}{WordsOf(body.Span)}.")
        {
            Status = status, RetryAfter = HttpAnswer.RetryAfter(response.Headers, time.GetUtcNow()),
        };
    }

    /// <summary>A short reason where it gives one; never what it says of a key.</summary>
    private static string WordsOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            using var read = JsonDocument.ParseValue(ref json);
            return read.RootElement.ValueKind == JsonValueKind.Object && read.RootElement.TryGetProperty("error"u8, out var error)
                && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
                ? $" ({type.GetString()})"
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private Upstream Open(ModelSnapshot model, CancellationToken cancellation) => new(model.Provider, connections.For(model.Provider), cancellation);
}
