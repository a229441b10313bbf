using Microsoft.Extensions.AI;

namespace ModelMigrate.Tests.Providers.Evaluators;

/// <summary>An evaluator as somebody else's assembly has one: 1 when the answer to a question that was asked is one of the references.</summary>
public sealed class RightEvaluator
{
    public IReadOnlyCollection<string> EvaluationMetricNames => ["Right"];

    public ValueTask<RightResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages, ChatResponse modelResponse, object? chatConfiguration = null, IEnumerable<RightContext>? additionalContext = null, CancellationToken cancellationToken = default)
    {
        var isAsked = messages.Any(static message => message.Role == ChatRole.User && message.Text.Length > 0);
        var isRight = additionalContext!.Any(context => context.References.Contains(modelResponse.Text, StringComparer.Ordinal));
        return ValueTask.FromResult(new RightResult(new Dictionary<string, RightMetric>(StringComparer.Ordinal) { ["Right"] = new RightMetric(isAsked ? isRight ? 1 : 0 : null) }));
    }
}
