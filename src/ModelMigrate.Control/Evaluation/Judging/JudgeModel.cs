using System.Text;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>
/// Asks one model for a verdict at temperature 0. What is judged is a message of its own, one JSON object, so that no text in it can end it and go on as an
/// instruction. Asked by any number at once.
/// </summary>
public sealed class JudgeModel
{
    private const int CharactersPerToken = 4;

    private const string Again = "\n\nYour last answer was not that JSON object. Answer with it and nothing else.";

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);

    private readonly ModelSnapshot _model;
    private readonly IModelClient _client;
    private readonly JudgeLimits _limits;
    private readonly TimeProvider _time;
    private readonly CostLimit _limit;

    public JudgeModel(ModelSnapshot model, IModelClient client, JudgeLimits limits, TimeProvider time)
        : this(model, client, limits, new CostLimit(limits.MaxCost), time)
    {
    }

    /// <param name="model">The judge.</param>
    /// <param name="client">Speaks its provider's protocol.</param>
    /// <param name="limits">How it is asked.</param>
    /// <param name="limit">What it may cost together with whatever else shares the limit.</param>
    /// <param name="time">Measures waits.</param>
    public JudgeModel(ModelSnapshot model, IModelClient client, JudgeLimits limits, CostLimit limit, TimeProvider time)
    {
        (_model, _client, _limits, _limit, _time) = (model, client, limits, limit, time);
        Usage = new JudgeUsage(limit);
    }

    /// <summary>What was asked so far, and what it cost.</summary>
    public JudgeUsage Usage { get; }

    public ModelSnapshot Model => _model;

    /// <summary>The same judge under the same limit, with sums of its own.</summary>
    public JudgeModel Apart() => new(_model, _client, _limits, _limit, _time);

    /// <summary>
    /// A malformed verdict is asked for once more. <paramref name="instructions"/>: what to judge, and by what; ours and the operator's words.
    /// <paramref name="material"/>: what is judged, as JSON; anybody's words.
    /// </summary>
    internal Task<JudgeReply> AskAsync(string instructions, string material, JudgeShape shape, CancellationToken cancellation) =>
        AskAsync([new TextPart(instructions)], [new ChatTurn(ChatRole.User, material)], shape, cancellation);

    /// <summary>The same in a conversation of the operator's own. It ends with a turn of the user's.</summary>
    internal async Task<JudgeReply> AskAsync(IReadOnlyList<TextPart> system, IReadOnlyList<ChatTurn> turns, JudgeShape shape, CancellationToken cancellation)
    {
        var wrong = "";
        foreach (var isAgain in (bool[])[false, true])
        {
            var answer = await CallAsync(Request(system, turns, shape, isAgain), cancellation);
            if (answer is null)
            {
                return JudgeReply.Without(JudgeFailure.CostLimit, "The limit of cost leaves no room for it.");
            }

            if (answer.Value.Error is { } error)
            {
                var status = error.Status is { } code ? $" ({code})" : "";
                return JudgeReply.Without(error.Reason == RefusalReason.None ? JudgeFailure.Unreachable : JudgeFailure.Refused, $"The judge could not be asked{status}: {error.Message}");
            }

            var result = answer.Value.Result!;
            if (result.Finish == FinishReason.ContentFilter || result.Parts.Any(static part => part is RefusalPart))
            {
                return JudgeReply.Without(JudgeFailure.Refused, "The judge refused to judge it.");
            }

            if (shape.TryRead(result.Text, out wrong) is { } verdict)
            {
                return JudgeReply.Of(verdict);
            }

            wrong = result.Finish == FinishReason.Length ? "it was cut at the limit of tokens" : wrong;
            Usage.SawMalformed();
        }

        return JudgeReply.Without(JudgeFailure.Malformed, $"The judge gave no verdict, twice: {wrong}.");
    }

    private ChatRequest Request(IReadOnlyList<TextPart> system, IReadOnlyList<ChatTurn> turns, JudgeShape shape, bool isAgain) => new()
    {
        System = isAgain && system.Count > 0 ? [.. system.Take(system.Count - 1), new TextPart(system[^1].Text + Again)] : system,
        Turns = isAgain && system.Count == 0 ? [.. turns.Take(turns.Count - 1), turns[^1] with { Parts = [.. turns[^1].Parts, new TextPart(Again)] }] : turns,
        Format = shape.Format,
        Temperature = 0,
        MaxTokens = Math.Min(_limits.MaxTokens, _model.MaxOutputTokens ?? _limits.MaxTokens),
    };

    /// <summary>Null when the limit of cost leaves no room.</summary>
    private async Task<ChatAnswer?> CallAsync(ChatRequest request, CancellationToken cancellation)
    {
        var bytes = request.System.Concat(request.Turns.SelectMany(static turn => turn.Parts).OfType<TextPart>()).Sum(static part => Encoding.UTF8.GetByteCount(part.Text)) + Encoding.UTF8.GetByteCount(request.Format?.Schema ?? "");
        var most = _model.Cost((bytes / CharactersPerToken) + 1, request.MaxTokens!.Value) ?? 0;
        for (var (tries, wait) = (1, s_firstWait); ; tries++, wait *= 2)
        {
            if (!Usage.TryReserve(most))
            {
                return null;
            }

            var answer = await OnceAsync(request, most, cancellation);
            if (answer.Error is not { Kind: ChatErrorKind.Connection or ChatErrorKind.Timeout or ChatErrorKind.Throttled or ChatErrorKind.Provider } error || tries >= _limits.Tries)
            {
                return answer;
            }

            Usage.Retried();
            await Task.Delay(error.RetryAfter ?? wait, _time, cancellation);
        }
    }

    private async Task<ChatAnswer> OnceAsync(ChatRequest request, decimal most, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_limits.CallLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var answer = ChatAnswer.Failed(new ChatError(ChatErrorKind.Timeout, "It did not answer in time."));
        try
        {
            answer = await _client.CompleteAsync(new ModelCall { Model = _model, Request = request }, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Late, and that is what the answer says already.
        }
        finally
        {
            // A call that failed is free, as providers have it; one without usage costs nobody knows what.
            var usage = answer.Result?.Usage;
            var cost = !answer.IsOk ? 0 : usage is { } known ? _model.Cost(known.InputTokens, known.OutputTokens) : null;
            Usage.Settle(most, cost, usage?.InputTokens ?? 0, usage?.OutputTokens ?? 0, answer.Result?.Model);
        }

        return answer;
    }
}
