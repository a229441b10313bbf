using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Plans.Stopping;

/// <summary>
/// Runs a healthy migration under one absolute hard stop, many times: target requests come at random, each is an event with its base
/// probability, and the rule looks as it does live, every quarter of a second over blocks of whole seconds. Answers are taken as
/// instant. Pure: the same arguments give the same count.
/// </summary>
internal sealed class StopSimulation
{
    /// <summary>Admissions of both arms that close a block, and its greatest age in seconds, as the block builder has them.</summary>
    private const int BlockAdmissions = 3, BlockSeconds = 60;

    /// <summary>What one rule's simulation costs at most, in looks.</summary>
    private const double Looks = 20e6;

    /// <summary>The longest migration in looks; a longer one gets coarser ones.</summary>
    private const double MostLooks = 1e6;

    private readonly StopRule _rule;
    private readonly IReadOnlyList<StopSegment> _segments;
    private readonly double _rate;

    /// <param name="rule">The rule.</param>
    /// <param name="segments">Weights and times, in order.</param>
    /// <param name="rate">Requests of the route a second.</param>
    public StopSimulation(StopRule rule, IReadOnlyList<StopSegment> segments, double rate)
    {
        (_rule, _segments, _rate) = (rule, segments, rate);
        var seconds = segments.Sum(segment => segment.Seconds);

        // Between two requests nothing crosses, so that a slow route needs fewer looks.
        Period = Math.Max(Math.Clamp(0.25 / rate, 0.25, Math.Max(0.25, rule.WindowSeconds / 60.0)), seconds / MostLooks);
        Repetitions = (int)Math.Clamp(Looks * Period / Math.Max(1, seconds), 100, 2000);
    }

    /// <summary>Seconds between two looks.</summary>
    public double Period { get; init; }

    /// <summary>Migrations that are run.</summary>
    public int Repetitions { get; init; }

    /// <summary>Whether the rule waits until its window has passed once; live it does not.</summary>
    public bool FullWindow { get; init; }

    /// <summary>How many of the migrations the rule rolls back.</summary>
    public int Run(uint seed)
    {
        var window = new StopWindow(_rule);
        var fired = 0;
        for (var i = 0; i < Repetitions; i++)
        {
            window.Clear();
            fired += Fires(SeededDraws.Of(seed, question: 0, i), window) ? 1 : 0;
        }

        return fired;
    }

    private bool Fires(SeededDraws draws, StopWindow window)
    {
        var began = 0.0;
        foreach (var segment in _segments)
        {
            var perLook = _rate * Period;
            var source = 0L;

            // Another weight is another snapshot, and another block.
            var last = long.MinValue;
            for (var look = 1L; look * Period <= segment.Seconds; look++)
            {
                var at = began + (look * Period);
                var slice = (long)Math.Floor(at - (Period / 2));
                if (slice > last && (last == long.MinValue || slice - window.OpenSlice >= BlockSeconds
                    || (source >= BlockAdmissions && window.OpenRequests >= BlockAdmissions)))
                {
                    window.Open(slice);
                    source = 0;
                }

                last = slice;
                source += source < BlockAdmissions ? draws.Poisson(perLook * (1 - segment.Weight)) : 0;
                var events = draws.Poisson(perLook * segment.Weight * _rule.Events);
                window.Admit(events + draws.Poisson(perLook * segment.Weight * (1 - _rule.Events)), events);
                if (window.Fires((long)Math.Floor(at)) && (!FullWindow || at >= _rule.WindowSeconds))
                {
                    return true;
                }
            }

            began += segment.Seconds;
        }

        return false;
    }
}
