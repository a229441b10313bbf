using System.Globalization;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Judging.Pairs;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Output;

namespace ModelMigrate.Scoring.Judging;

/// <summary>Has every pair of a file judged, so many at once. Owned by one command.</summary>
internal sealed class PairwiseRun(JudgeModel judge, int rounds, int concurrency, double? least)
{
    /// <summary>Two-sided, so that either end alone is a bound of 95 %.</summary>
    private const double TwoSided = 0.9;

    public async Task<JudgedAnswers> RunAsync(IReadOnlyList<AnswerLine> lines, OrderedLines output, Action<int> progress, CancellationToken cancellation)
    {
        var pairwise = new PairwiseJudge(judge, rounds);
        var judged = new (PairCase Case, PairOutcome Outcome)[lines.Count];
        await Parallel.ForAsync(0, lines.Count, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation }, async (i, stop) =>
        {
            var line = lines[i];
            var pair = new PairCase(line.Prompt, line.Answers.GetValueOrDefault("source", ""), line.Answers.GetValueOrDefault("target", ""), line.Reference, line.Human);
            judged[i] = (pair, line.Error is { } error ? new PairOutcome { Missing = error, MissingRounds = rounds } : await pairwise.JudgeAsync(pair, stop));
            output.Add(i, Line(line, judged[i].Outcome));
            progress(output.Through);
        });
        cancellation.ThrowIfCancellationRequested();
        var figures = PairFigures.Of(judged);
        return new JudgedAnswers(
            new { Judge = judge.Model.Id.Value, pairwise.Signature, Pairwise = figures, Judging = judge.Usage.Cost }, Words(figures), figures.Cases, figures.Missing,
            figures.Judged == 0 && judged.Any(static pair => pair.Outcome.Failure == JudgeFailure.Unreachable), Verdict(figures));
    }

    private static string Line(AnswerLine line, PairOutcome outcome)
    {
        var score = outcome.Share is { } share ? share.ToString("R", CultureInfo.InvariantCulture) : "null";
        var view = JsonSerializer.Serialize(
            new
            {
                outcome.Preference, Consistent = outcome.IsConsistent, Identical = outcome.IsIdentical ? true : (bool?)null,
                MissingRounds = outcome.MissingRounds > 0 && outcome.Share is not null ? outcome.MissingRounds : (int?)null, outcome.Missing,
                Reasons = outcome.Reasons.Count > 0 ? outcome.Reasons : null,
            }, OfLines.Json);
        return $"{{{line.Name},\"score\":{score},{view[1..]}\n";
    }

    private ExitCode Verdict(PairFigures figures)
    {
        if (least is not { } wanted || figures.WinRate.Value is not { } rate)
        {
            return ExitCode.Ok;
        }

        var bounds = Wilson.Of(rate * figures.Judged, figures.Judged, TwoSided);
        return bounds.Low >= wanted ? ExitCode.Ok : bounds.High < wanted ? ExitCode.Negative : ExitCode.Undecided;
    }

    private string Words(PairFigures figures) => string.Create(CultureInfo.InvariantCulture, $"""
        Target better in {figures.Wins}, as good in {figures.Ties}, worse in {figures.Losses} of {figures.Judged} pairs; {figures.Missing} without a verdict.
        Win rate {Share(figures.WinRate)}; among answers of equal length {(figures.LengthControlled.Value is { } controlled ? $"{controlled:P1}" : "not known")}{(figures.IsLengthTold ? ": length tells a good part of it" : "")}.
        The judge stands by its verdict when the answers change places: {Share(figures.Consistency)}; prefers what stands first: {Share(figures.FirstPosition)} (50 % has no bias).{People(figures.Human)}
        """) + Limit(figures);

    private static string People(HumanFigures? human) => human is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"\nIt agrees with people in {Share(human.Agreement)} of {human.Cases} pairs (kappa {(human.Kappa is { } kappa ? $"{kappa:0.00}" : "not known")}).");

    private string Limit(PairFigures figures) => least is not { } wanted ? "" : string.Create(CultureInfo.InvariantCulture, $"\nAt least {wanted:P1}: {Verdict(figures) switch
    {
        ExitCode.Ok => "shown",
        ExitCode.Negative => "it is less",
        _ => "not decided by so few pairs",
    }}.");

    private static string Share(ShareFigure figure) => figure.Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value:P1} ({figure.Low95:P1} to {figure.High95:P1})")
        : "not known";
}
