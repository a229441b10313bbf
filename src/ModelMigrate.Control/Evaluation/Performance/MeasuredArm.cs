using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>One model while it is measured: sends whole rounds, and knows when nobody is there. Owned by one run.</summary>
internal sealed class MeasuredArm(ComparedArm arm, PerformanceOptions options, Func<ModelSnapshot, IModelClient> open, TimeProvider time)
{
    /// <summary>So many calls without an answer, and none before: nobody is there.</summary>
    private const int MostInVain = 20;

    private readonly CallTimer _timer = new(arm.Model, open, options.Limit, time);
    private readonly List<BatchTally> _tallies = [];
    private long _calls;
    private long _inVain;
    private bool _isSeen;
    private decimal? _cost = 0;
    private string? _version;

    public ComparedArm Arm => arm;

    public void Begin(int batch) => _tallies.Add(new BatchTally(batch, options.Limit.TotalMilliseconds));

    /// <summary>The most that one round may cost in US dollars, or 0 when no price is known.</summary>
    public decimal Most(IEnumerable<DatasetRow> rows) => rows.Sum(row => CallPrice.Most(arm.Model, options.Settings, row) ?? 0);

    /// <summary>Sends one round: all its rows at once. Answers what it cost, and why the run has to stop.</summary>
    public async Task<(decimal Cost, string? Stop)> RoundAsync(IReadOnlyList<DatasetRow> rows, bool isWarmup, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var calls = await Task.WhenAll(rows.Select(row => _timer.AskAsync(options.Settings.Request(row, repeat: 0), _calls++, cancel)));
        var took = time.GetElapsedTime(began);
        if (isWarmup)
        {
            _tallies[^1].AddWarmup(calls);
        }
        else
        {
            _tallies[^1].Add(calls, took);
        }

        decimal paid = 0;
        for (var i = 0; i < calls.Length; i++)
        {
            // A call that failed without usage is free; an answer without usage is reckoned at its most.
            _cost += calls[i].Cost ?? (calls[i].Error is null ? null : 0);
            paid += calls[i].Cost ?? (calls[i].Error is null ? Most([rows[i]]) : 0);
            _version = calls[i].Model is { Length: > 0 } version ? version : _version;
        }

        return (paid, Stop(calls));
    }

    public PerformanceModel Figures() => new()
    {
        Role = Side, Model = arm.Name, ReportedVersion = _version, Batches = [.. _tallies.Select(static tally => tally.Figures())], Cost = _cost,
    };

    private string Side => arm.Role == ArmRole.Source ? "source" : "target";

    private string? Stop(TimedCall[] calls)
    {
        if (calls.FirstOrDefault(static call => call.Error is "configuration" or "unknownmodel") is { } refused)
        {
            return $"The {Side} {arm.Name} cannot be asked: {refused.Message} Correct its provider, key or name.";
        }

        _isSeen |= calls.Any(static call => call.Error is null);
        _inVain += _isSeen ? 0 : calls.Length;
        return _inVain >= MostInVain ? $"The {Side} {arm.Name} answered none of its first {_inVain} calls, the last with: {calls[^1].Message}" : null;
    }
}
