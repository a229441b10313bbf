using System.Security.Cryptography;
using System.Text;

namespace ModelMigrate.Core.Metrics;

/// <summary>A metric with its parameters chosen. Scores with unlike <see cref="Signature"/>s are not comparable. Asked by any number of threads.</summary>
public sealed class AnswerMetric
{
    private const int LongestInSignature = 40;

    internal AnswerMetric(MetricDefinition definition, IReadOnlyDictionary<string, string> values, Scorer scorer)
    {
        Definition = definition;
        Signature = Sign(definition, values);
        Corpus = scorer as CorpusScorer;
        _scorer = scorer;
    }

    private AnswerMetric(MetricDefinition definition, string signature) =>
        (Definition, Signature, _scorer) = (definition, signature, definition.Create(new MetricArguments(new Dictionary<string, string>(StringComparer.Ordinal))));

    private readonly Scorer _scorer;

    /// <summary>A metric whose scores are made elsewhere, by a program or a judge, and only read here: it knows what they mean and gives none itself.</summary>
    public static AnswerMetric Kept(string id, string signature, double low, double high, MetricDirection direction) => new(
        new MetricDefinition
        {
            Id = id, Summary = "Scores made elsewhere.", Need = MetricNeed.Prediction, Low = low, High = high, Direction = direction,
            Create = static _ => new AnswerScorer(static _ => MetricScore.Without("It is scored elsewhere.")),
        },
        signature);

    public MetricDefinition Definition { get; }

    /// <summary>Everything that the score depends on: id, parameters, version; stored with every result.</summary>
    public string Signature { get; }

    /// <summary>What makes the value of many samples out of their counts; null when that value is the mean.</summary>
    public CorpusScorer? Corpus { get; }

    /// <summary>The score, or why there is none.</summary>
    public MetricScore Score(AnswerSample sample) => Lacks(sample) is { } missing ? MetricScore.Without(missing) : _scorer.Score(sample);

    /// <summary>The score of a corpus metric, and the counts that it is of, for <see cref="CorpusScorer.Corpus"/>; as many as its width.</summary>
    public MetricScore Score(AnswerSample sample, Span<double> counts) =>
        Lacks(sample) is { } missing ? MetricScore.Without(missing) : Corpus is { } corpus ? corpus.Score(sample, counts) : _scorer.Score(sample);

    /// <summary>Why the sample cannot be asked at all, or null.</summary>
    public string? Lacks(AnswerSample sample) => sample.Error is { } error
        ? $"The answer is an error: {error}"
        : Definition.Need switch
        {
            MetricNeed.Latency => sample.LatencyMs is null ? "It has no latency." : null,
            MetricNeed.FirstToken => sample.FirstTokenMs is null ? "It has no time to its first token." : null,
            MetricNeed.Cost => sample.Cost is null ? "It has no cost." : null,
            MetricNeed.Prediction => sample.Prediction is null ? "There is no answer." : null,
            MetricNeed.PredictionAndReference => sample.Prediction is null ? "There is no answer." : sample.References.Count == 0 ? "There is no reference." : null,
        };

    private static string Sign(MetricDefinition definition, IReadOnlyDictionary<string, string> values)
    {
        var signature = new StringBuilder(definition.Id);
        foreach (var parameter in definition.Parameters)
        {
            var value = values[parameter.Name];
            if (parameter.IsText && value.Length == 0)
            {
                continue;
            }

            var isLong = parameter.IsText && (value.Length > LongestInSignature || value.AsSpan().ContainsAny('|', '\n', '\r'));
            signature.Append('|').Append(parameter.Name).Append(':')
                .Append(isLong ? $"sha256-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..16]}" : value);
        }

        signature.Append(definition.Note.Length > 0 ? "|" : "").Append(definition.Note);
        signature.Append(definition.Profile == MetricProfile.Documents ? "|profile:documents-v1" : "");
        return signature.Append("|version:").Append(definition.Version).ToString();
    }
}
