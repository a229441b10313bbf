using Microsoft.Extensions.AI;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Providers.Evaluators;

namespace ModelMigrate.Tests.Providers.Evaluators;

/// <summary>
/// Evaluators with the members that Microsoft.Extensions.AI.Evaluation gives them (dotnet/extensions), over the messages and responses of
/// Microsoft.Extensions.AI.Abstractions itself.
/// </summary>
public sealed class EvaluatorMetricTests
{
    private static readonly EvaluatorOptions s_options = new() { Id = "overlap", Metric = "Overlap", Summary = "Words of the reference in the answer.", Need = MetricNeed.PredictionAndReference, Contexts = sample => [new ReferenceContext(sample.References)] };

    [Fact]
    public void Evaluator_OfWords_IsAMetric()
    {
        var metric = Create(new Evaluator((messages, response, contexts) =>
        {
            Assert.Equal(ChatRole.Assistant, response.Messages.Single().Role);
            Assert.Equal(["Where? a red fox"], messages.Select(message => $"{message.Text}"));
            var references = Assert.IsType<ReferenceContext>(Assert.Single(contexts)).References;
            return new NumericMetric("Overlap", references.Average(reference => response.Text.Contains(reference, StringComparison.Ordinal) ? 1.0 : 0));
        }), s_options with { Prompt = sample => "Where? " + sample.Prediction });

        Assert.Equal(0.5, metric.Score(new AnswerSample { Prediction = "a red fox", References = ["fox", "dog"] }).Value);
        Assert.Equal("There is no reference.", metric.Score(new AnswerSample { Prediction = "a red fox" }).Missing);
        Assert.Matches(@"^overlap\|evaluator:ModelMigrate\.Tests\..*Evaluator@[0-9.]+/Overlap\|version:1$", metric.Signature);
    }

    [Theory]
    [InlineData(true, 1.0)]
    [InlineData(false, 0.0)]
    public void Evaluator_OfYesAndNo_IsOneAndZero(bool says, double score) =>
        Assert.Equal(score, Create(new Evaluator((_, _, _) => new BooleanMetric("Overlap", says))).Score(Sample()).Value);

    /// <summary>Whatever is no score is missing with what the evaluator says, and never 0.</summary>
    [Fact]
    public void Evaluator_WithoutAScore_IsMissingAndNamed()
    {
        Assert.Equal("Evaluator gave Overlap no number: no reference was given.", Missing(new NumericMetric("Overlap", null) { Diagnostics = [new Diagnostic("no reference was given.")] }));
        Assert.Equal("Evaluator gave no metric Overlap.", Missing(new NumericMetric("Other", 1)));
        Assert.Equal("Evaluator gave Overlap 1.5, which is not from 0 to 1.", Missing(new NumericMetric("Overlap", 1.5)));
        Assert.Equal("Evaluator failed: FormatException: cannot", Create(new Evaluator((_, _, _) => throw new FormatException("cannot"))).Score(Sample()).Missing);

        static string Missing(Metric metric) => Create(new Evaluator((_, _, _) => metric)).Score(Sample()).Missing!;
    }

    [Fact]
    public void Evaluator_ThatNeverAnswers_IsMissingAfterItsLimit() =>
        Assert.Equal("Evaluator gave no score within 50ms.", Create(new Evaluator((_, _, _) => null), s_options with { Limit = TimeSpan.FromMilliseconds(50) }).Score(Sample()).Missing);

    [Fact]
    public void Type_OfAnotherShape_IsRefusedWithWhatIsMissing()
    {
        Assert.Contains("String is no evaluator: it has no EvaluateAsync(IEnumerable<message>, response, …)", Assert.Throws<ArgumentException>(() => Create("text")).Message, StringComparison.Ordinal);
        Assert.Contains("Evaluator has no metric Overlop; it has Overlap, Other.", Assert.Throws<ArgumentException>(() => Create(new Evaluator((_, _, _) => null), s_options with { Metric = "Overlop" })).Message, StringComparison.Ordinal);
    }

    private static AnswerSample Sample() => new() { Prediction = "a", References = ["a"] };

    private static AnswerMetric Create(object evaluator, EvaluatorOptions? options = null) =>
        MetricTable.TryCreate(EvaluatorMetric.Row(evaluator, options ?? s_options, TimeProvider.System), new Dictionary<string, string>(StringComparer.Ordinal), out _)!;

    private interface IEvaluator
    {
        IReadOnlyCollection<string> EvaluationMetricNames { get; }

        ValueTask<Result> EvaluateAsync(
            IEnumerable<ChatMessage> messages, ChatResponse modelResponse, Configuration? chatConfiguration = null, IEnumerable<Context>? additionalContext = null, CancellationToken cancellationToken = default);
    }

    private class Metric(string name)
    {
        public string Name => name;

        public string? Reason { get; set; }

        public IList<Diagnostic>? Diagnostics { get; set; }
    }

    private sealed class NumericMetric(string name, double? value) : Metric(name)
    {
        public double? Value => value;
    }

    private sealed class BooleanMetric(string name, bool? value) : Metric(name)
    {
        public bool? Value => value;
    }

    private sealed record Diagnostic(string Message);

    private sealed class Configuration;

    private abstract class Context;

    private sealed class ReferenceContext(IReadOnlyList<string> references) : Context
    {
        public IReadOnlyList<string> References => references;
    }

    private sealed class Result
    {
        public required IDictionary<string, Metric> Metrics { get; set; }
    }

    /// <summary>Explicitly implemented, as an evaluator may be. Null: it never ends.</summary>
    private sealed class Evaluator(Func<IEnumerable<ChatMessage>, ChatResponse, IEnumerable<Context>, Metric?> says) : IEvaluator
    {
        IReadOnlyCollection<string> IEvaluator.EvaluationMetricNames => ["Overlap", "Other"];

        async ValueTask<Result> IEvaluator.EvaluateAsync(
            IEnumerable<ChatMessage> messages, ChatResponse modelResponse, Configuration? chatConfiguration, IEnumerable<Context>? additionalContext, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var metric = says(messages, modelResponse, additionalContext ?? []);
            if (metric is null)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return new Result { Metrics = new Dictionary<string, Metric>(StringComparer.Ordinal) { [metric!.Name] = metric } };
        }
    }
}
