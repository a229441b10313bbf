using System.Text.Json;
using ModelMigrate.Control.Evaluation.Grading;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Control.Evaluation.Pairing;

/// <summary>Adds up what judges were asked, from what the store keeps of each case and from nothing else.</summary>
internal sealed class GradingReading
{
    private readonly SortedSet<string> _versions = new(StringComparer.Ordinal);
    private readonly List<double> _shares = [];
    private readonly List<double> _longer = [];
    private readonly RunningMean _spread = new();
    private (long Cases, long Missing, long Calls, long Retries, long Malformed, long Input, long Output) _sums;
    private (int ForFirst, int Decisive, int Consistent, int Rounds) _places;
    private decimal? _cost = 0;

    /// <summary>Of every metric that a judge grades; null when there is none.</summary>
    public static IReadOnlyList<GradingFigures>? Of(EvaluationStore store, StoreScope scope)
    {
        var judged = scope.Graded.Where(static metric => metric.Grading!.Judge is not null).ToList();
        return judged.Count == 0 ? null : [.. judged.Select(metric => Read(store, scope, metric, role: null).Figures(metric))];
    }

    /// <summary>What grading one arm's answers by themselves cost; null when nothing was, or the cost is not known.</summary>
    public static decimal? CostOf(EvaluationStore store, StoreScope scope, ArmRole role)
    {
        var alone = scope.Graded.Where(static metric => metric.Grading is { Judge: not null, IsOfPair: false }).ToList();
        return alone.Count == 0 ? null : alone.Aggregate((decimal?)0, (sum, metric) => sum + Read(store, scope, metric, role)._cost);
    }

    private static GradingReading Read(EvaluationStore store, StoreScope scope, ScopedMetric metric, ArmRole? role)
    {
        var reading = new GradingReading();
        store.Gradings(scope, metric, role, grading => reading.Add(grading, metric.Grading!));
        return reading;
    }

    private void Add(StoredGrading grading, PlannedGrading planned)
    {
        _sums = (_sums.Cases + 1, _sums.Missing + (grading.Value is null ? 1 : 0), _sums.Calls + grading.Calls, _sums.Retries + grading.Retries, _sums.Malformed + grading.Malformed,
            _sums.Input + grading.InputTokens, _sums.Output + grading.OutputTokens);
        _cost += grading.NanoCost / AnswerWriter.Nano;
        _versions.UnionWith(grading.Versions.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (grading is not { Value: { } value, Detail: { } detail })
        {
            return;
        }

        if (!planned.IsOfPair)
        {
            Spread(JsonSerializer.Deserialize<RubricDetail>(detail, RubricDetail.Json)!.Grades, value);
            return;
        }

        var pair = JsonSerializer.Deserialize<PreferenceDetail>(detail, RubricDetail.Json)!;
        _shares.Add(value);
        _longer.Add(pair.Longer);
        if (pair.First() is { } round)
        {
            _places = (_places.ForFirst + round.ForFirst, _places.Decisive + round.Decisive, _places.Consistent + (round.IsConsistent ? 1 : 0), _places.Rounds + 1);
        }
    }

    private void Spread(IReadOnlyList<int> grades, double mean)
    {
        if (grades.Count > 1)
        {
            _spread.Add(Math.Sqrt(grades.Sum(grade => (grade - mean) * (grade - mean)) / (grades.Count - 1)));
        }
    }

    private GradingFigures Figures(ScopedMetric metric) => new()
    {
        Metric = metric.Metric.Definition.Id,
        Judge = metric.Grading!.Judge!,
        Versions = [.. _versions],
        Cases = _sums.Cases,
        Missing = _sums.Missing,
        Calls = _sums.Calls,
        Retries = _sums.Retries,
        Malformed = _sums.Malformed,
        InputTokens = _sums.Input,
        OutputTokens = _sums.Output,
        Cost = _cost,
        WinRate = _shares.Count == 0 ? null : _shares.Average(),
        LengthControlledWinRate = _shares.Count == 0 ? null : AdjustedShare.Of(_shares, _longer).Value,
        FirstPosition = _places.Decisive == 0 ? null : _places.ForFirst / (double)_places.Decisive,
        Consistency = _places.Rounds == 0 ? null : _places.Consistent / (double)_places.Rounds,
        Spread = _spread.Count == 0 ? null : _spread.Estimate.Mean,
    };
}
