using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Providers.Evaluators;

/// <summary>What an evaluator does not say of itself.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>The id of the metric here.</summary>
    public required string Id { get; init; }

    /// <summary>The evaluator's own name of the metric, for one evaluator may have several.</summary>
    public required string Metric { get; init; }

    /// <summary>One sentence: what it measures.</summary>
    public required string Summary { get; init; }

    /// <summary>Raised whenever the same answers could get other scores.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The smallest score that is possible.</summary>
    public double Low { get; init; }

    /// <summary>The largest score that is possible.</summary>
    public double High { get; init; } = 1;

    public MetricDirection Direction { get; init; }

    public MetricNeed Need { get; init; }

    /// <summary>What was asked, for evaluators that want it; null for none.</summary>
    public Func<AnswerSample, string>? Prompt { get; init; }

    /// <summary>The evaluator's own contexts of a sample, for example its references: objects of the type that its <c>additionalContext</c> holds.</summary>
    public Func<AnswerSample, IEnumerable<object>>? Contexts { get; init; }

    /// <summary>What an evaluator that asks a model is configured with (a <c>ChatConfiguration</c>), or null.</summary>
    public object? Configuration { get; init; }

    /// <summary>How long one sample may take. Default: 1 minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);
}
