using System.Text.Json;
using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;

namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>
/// The whole result of an evaluation of one model or a comparison of two, as the result file holds it. The same run writes the same bytes, but for what stands
/// in <see cref="Timing"/>: everything that depends on a clock is there.
/// </summary>
public sealed record EvaluationResult
{
    /// <summary>The version of the file that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Raised when an older program could misread the file.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The program's version.</summary>
    public required string ProgramVersion { get; init; }

    public required EvaluationDataset Dataset { get; init; }

    public required DataCompleteness Completeness { get; init; }

    /// <summary>What is not complete, in words; null when all is.</summary>
    public string? IncompleteBecause { get; init; }

    /// <summary>The model that users have today; null when one model was evaluated alone.</summary>
    public EvaluationArm? Source { get; init; }

    /// <summary>The model that was evaluated.</summary>
    public required EvaluationArm Target { get; init; }

    /// <summary>In the order in which they were asked.</summary>
    public required IReadOnlyList<MetricFigures> Metrics { get; init; }

    /// <summary>What judges were asked and what that cost, apart from the answers; null without a judge.</summary>
    public IReadOnlyList<GradingFigures>? Grading { get; init; }

    /// <summary>What the gates say; null when none was asked.</summary>
    public GateResult? Gate { get; init; }

    /// <summary>What the gate over safety suites says; null when none was asked.</summary>
    public SafetySuitesCheck? Safety { get; init; }

    /// <summary>Seeds by what they were for: bootstrap, sampling.</summary>
    public IReadOnlyDictionary<string, long> Seeds { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The cases in which the target lost most, worst first; a report shows them side by side.</summary>
    public IReadOnlyList<WorstCase> WorstCases { get; init; } = [];

    /// <summary>The scores of each case, so that a later run can be compared pair by pair; null when there are too many to keep.</summary>
    public SampleScores? Samples { get; init; }

    /// <summary>How runs of another tool were paired; null when this program asked the models itself.</summary>
    public ImportedPairs? Imported { get; init; }

    /// <summary>What a clock measured; null in a baseline.</summary>
    public EvaluationTiming? Timing { get; init; }

    /// <summary>JSON with the file's own names, ending in a line feed.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.EvaluationResult) + "\n";

    /// <summary>The result; or null and what is wrong with the file, with what to do.</summary>
    public static EvaluationResult? TryRead(ReadOnlySpan<byte> json, out string wrong)
    {
        wrong = "";
        try
        {
            var utf8 = json is [0xEF, 0xBB, 0xBF, ..] ? json[3..] : json;
            var result = JsonSerializer.Deserialize(utf8, EvaluationJson.Default.EvaluationResult);
            wrong = result is null ? "it holds null; write the file again with evaluate or compare." : result.Problem() ?? "";
            return wrong.Length == 0 ? result : null;
        }
        catch (JsonException broken)
        {
            wrong = $"it is no result of evaluate or compare: {(broken.Message.Split(" Path:")[0].TrimEnd('.'))}{(broken.LineNumber is { } line ? $" (line {line + 1})" : "")}. Write the file again.";
            return null;
        }
    }

    private string? Problem() => FormatVersion is < 1 or > CurrentFormat
        ? $"its format_version is {FormatVersion}, and this program reads 1 to {CurrentFormat}; use the program that wrote it, or a newer one."
        : Samples is { } samples ? samples.Problem() : null;
}
