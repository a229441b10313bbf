using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Serving;

/// <summary>Asks a model the smallest possible question, to see that it serves.</summary>
internal sealed class ChatProbe(ProviderConnections connections, TimeProvider time)
{
    private const int MostTries = 3;

    private static readonly ChatRequest Question = new() { Turns = [new ChatTurn(ChatRole.User, "Say OK.")], MaxTokens = 1 };

    /// <summary>What is wrong, or null when the model answered. A single failure may be the provider's usual share of errors: it is asked again.</summary>
    public async Task<string?> AskAsync(ModelSnapshot model, CancellationToken cancellation)
    {
        var client = Adapters.For(model, connections, time);
        var call = new ModelCall { Model = model, Request = Question };
        var answer = await client.CompleteAsync(call, cancellation);
        for (var tries = 1; !answer.IsOk && tries < MostTries; tries++)
        {
            answer = await client.CompleteAsync(call, cancellation);
        }

        return answer.IsOk ? null : answer.Error.Message;
    }
}
