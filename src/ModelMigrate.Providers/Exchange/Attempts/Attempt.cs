using System.Diagnostics;
using System.Text;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Tracing;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>One call of one model on behalf of a request, before it is made: whom, for whom, within what limits.</summary>
internal sealed record Attempt
{
    private IReadOnlyList<string> _told = [];

    public required ModelEndpoint Endpoint { get; init; }

    public required ExchangeRequest Request { get; init; }

    public required ExchangeClient Client { get; init; }

    public required Assignment Assignment { get; init; }

    public required AttemptScope Scope { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The request in the neutral language, when the model's protocol is not the client's.</summary>
    public ChatRequest? Translated { get; init; }

    /// <summary>What the model is asked otherwise than the client asked.</summary>
    public ChangeList Changes { get; } = new();

    /// <summary>Whether an answer that refuses is given up, because another model is asked for a better one.</summary>
    public bool RoutesAroundRefusals { get; init; }

    public string? Untranslatable { get; init; }

    public List<KeyValuePair<string, string>> AnswerHeaders { get; } = [];

    /// <summary>Its span, or null when none is made.</summary>
    public Activity? Span { get; init; }

    /// <summary>The client's headers that go with it, and its own place in the trace.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => AttemptSpan.Carry(Span, Request.Headers);

    public RouteLimits Limits => Assignment.Route.Limits;

    public AnswerHead Head(string? contentType, int? contentLength) => new()
    {
        Assignment = Assignment,
        Model = Endpoint.Model,
        Stream = Request.Body.Stream,
        ContentType = contentType,
        ContentLength = contentLength,
        Headers = AnswerHeaders,
        Changes = Changes.IsEmpty || Assignment.Route.Changes == ChangesPolicy.Silent ? null : Changes.ToString(),
        Untranslatable = Untranslatable,
    };

    /// <summary>Says that the client has heard of the changes so far, or that they are not its business.</summary>
    public void MarkTold() => _told = Changes.IsEmpty ? [] : Changes.Lines();

    /// <summary>
    /// What was dropped of a stream after its headers had left, as a comment of it, which clients' libraries skip; empty for nothing, and where the
    /// headers would not have said it either.
    /// </summary>
    public ReadOnlyMemory<byte> LateChanges()
    {
        if (Changes.IsEmpty || Assignment.Route is { Changes: ChangesPolicy.Silent } or { ResponseHeaders: not ResponseHeadersMode.Full })
        {
            return default;
        }

        var late = Changes.Lines().Except(_told, StringComparer.Ordinal).ToList();
        return late.Count == 0 ? default : Encoding.UTF8.GetBytes($": x-model-migrate-changes: {string.Join("; ", late)}\n\n");
    }

    /// <summary>The refusal of a request that had to be changed on a route that rejects changes, or null.</summary>
    public ChatError? Refusal => Assignment.Route.Changes == ChangesPolicy.Reject ? Changes.Refusal(Endpoint.Model.Id) : null;

    /// <summary>Starts the limit that bounds the wait for an answer: to its first content, or to all of it.</summary>
    public void WaitForAnswer()
    {
        if (Request.Body.Stream)
        {
            Scope.Wait(Limits.FirstToken, StopCause.FirstToken);
        }
        else
        {
            Scope.Wait(Limits.Whole, StopCause.Whole);
        }
    }

    /// <summary>The error that a refusal given up means to the client when nobody answers in its place.</summary>
    public ChatError Refused() =>
        new(ChatErrorKind.Request, $"The model '{Endpoint.Model.Id}' refused to answer, and no other model answered.")
        {
            Code = "content_filter", Reason = RefusalReason.ContentPolicy,
        };

    /// <summary>The error that a stop from our side means to the client.</summary>
    public ChatError Stopped()
    {
        var provider = Endpoint.Model.Provider.Id;
        return Scope.Cause switch
        {
            StopCause.FirstToken => new ChatError(
                ChatErrorKind.Timeout, $"The provider '{provider}' sent no content within {Limits.FirstToken.TotalSeconds:0.###} s."),
            StopCause.Whole => new ChatError(
                ChatErrorKind.Timeout, $"The provider '{provider}' sent no whole answer within {Limits.Whole.TotalSeconds:0.###} s."),
            StopCause.Idle => new ChatError(
                ChatErrorKind.Timeout, $"The provider '{provider}' fell silent for {Limits.Idle.TotalSeconds:0.###} s in the middle of its answer."),
            StopCause.Total => new ChatError(
                ChatErrorKind.Timeout, $"The request took longer than the route's limit of {Limits.Total.TotalSeconds:0.###} s."),
            StopCause.Draining => new ChatError(ChatErrorKind.Unavailable, "The gateway is shutting down. Send the request again."),
            StopCause.Cut => new ChatError(ChatErrorKind.Unavailable, "The answering model was rolled back. Send the request again."),
            StopCause.Client => new ChatError(ChatErrorKind.Unavailable, "The client closed the request."),
            var other => throw new InvalidOperationException($"Stopped by {other}."),
        };
    }
}
