using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.Exchange.Resuming;

/// <summary>How a stream that broke is gone on with.</summary>
/// <param name="Request">What the model is asked.</param>
/// <param name="PassedOver">What its answer begins with that the client has.</param>
/// <param name="IsDemanded">Whether an answer that begins otherwise is another answer, and of no use.</param>
/// <param name="By">The way, in a word.</param>
internal sealed record Resumption(ChatRequest Request, string PassedOver, bool IsDemanded, string By)
{
    /// <summary>Whether the answer to a request is text that another call can go on with: no tools, no structure, one choice.</summary>
    public static bool IsPlain(ChatRequest request) =>
        request is { Tools.Count: 0, Format: null, Choices: 1, Logprobs: false } && (request.MaxTokens is null or > 0);

    /// <summary>
    /// The request with what was sent as the assistant's last message. Providers refuse one that ends in white space, so that this is left
    /// out and passed over in the answer. Null when nothing of the answer is left to ask for.
    /// </summary>
    public static Resumption? ByPrefill(ChatRequest request, SentAnswer sent)
    {
        var text = sent.Text;
        var written = text.TrimEnd();
        if (written.Length == 0 || request.MaxTokens <= sent.Pieces)
        {
            return null;
        }

        var turns = request.Turns.ToList();
        if (turns is [.., { Role: ChatRole.Assistant } own])
        {
            // The client began the answer itself; ours goes on with its words.
            turns[^1] = own with { Parts = [.. own.Parts, new TextPart(written)] };
        }
        else
        {
            turns.Add(new ChatTurn(ChatRole.Assistant, written));
        }

        // A piece holds a token at least: the whole answer stays within the client's limit, or comes out shorter.
        return new Resumption(
            request with { Turns = turns, MaxTokens = request.MaxTokens - sent.Pieces }, text[written.Length..], IsDemanded: false, "prefill");
    }

    /// <summary>The request once more, as repeatable as a request can be.</summary>
    public static Resumption ByAskingAgain(ChatRequest request, SentAnswer sent) => new(
        request.Seed is null ? request with { Temperature = 0 } : request, sent.Text, IsDemanded: true, "asking again");
}
