using System.CommandLine;

namespace ModelMigrate.Commands.Forecasting;

/// <summary>The options of <c>forecast</c>. All are read as text, so that everything that is wrong with them can be said at once.</summary>
internal sealed class ForecastArguments
{
    private readonly Option<string?> _migration = Text("--migration-id", "ID", "Take steps and gates from this migration of the file. Needed when it declares several.", "-m");
    private readonly Option<string?> _route = Text("--route", "NAME", "Take the traffic that a server measured on this route while a migration ran.");
    private readonly Option<string?> _days = Text("--days", "N", "With --server: how far back, 1 to 366. Default: 7.");
    private readonly Option<string?> _rate = Text("--rate", "N", "Requests of the route a second.");
    private readonly Option<string?> _errorRate = Text("--error-rate", "SHARE", "Share of requests that fail today, 0 to 50%. Default: 0.5%.");
    private readonly Option<string?> _p50 = Text("--latency-p50", "TIME", "Median latency today, for example 800ms; absolute hard stops need it.");
    private readonly Option<string?> _p95 = Text("--latency-p95", "TIME", "95th percentile of latency today; with --latency-p50 the spread.");
    private readonly Option<string?> _sigma = Text("--latency-sigma", "N", "Spread: standard deviation of the logarithm of latency, 0.01 to 5. Default: 0.7.");
    private readonly Option<string?> _quality = Text("--quality", "SHARE", "Mean quality score today, 0 to 1. Default: 0.8.");
    private readonly Option<string?> _qualitySpread = Text("--quality-spread", "N", "Standard deviation of the difference of two models' scores, 0.01 to 1. Default: 0.25.");
    private readonly Option<string?> _qualityShare = Text("--quality-share", "SHARE", "Share of requests that carry a score. Default: 100%.");
    private readonly Option<string?> _steps = Text("--steps", "LIST", "Steps instead of the file's or the default ones: weight:hold[:marginFactor], for example 5%:10m,25%:10m,50%:10m.");
    private readonly Option<string?> _alpha = Text("--alpha", "SHARE", "Bound on false rollbacks. Default: the file's, else 5%.");
    private readonly Option<string?> _maxHold = Text("--max-hold", "TIME", "How long a step may stay undecided. Default: the file's, else 24h.");
    private readonly Option<string?> _seed = Text("--seed", "N", "Decides every simulated request. Default: 1.");
    private readonly Option<string?> _repetitions = Text("--repetitions", "N", "Migrations to simulate for each line, however long it takes; 0 for formulas alone. Default: what fits into some seconds.");

    private readonly Option<string[]> _margins = new("--margin")
    {
        Description = "Another margin of one gate, name=margin, for example errors=2pp or latency_p90=1.3; quality=3pp adds that gate. May be repeated.",
        HelpName = "GATE",
    };

    public IEnumerable<Option> All =>
    [
        SharedOptions.Config, _migration, SharedOptions.Server, _route, _days, _rate, _errorRate, _p50, _p95, _sigma, _quality, _qualitySpread, _qualityShare,
        _steps, _margins, _alpha, _maxHold, _seed, _repetitions,
    ];

    public ForecastGiven Read(ParseResult parsed, ForecastInput input)
    {
        string? Of(Option<string?> option) => parsed.GetValue(option);
        var hasFile = parsed.GetResult(SharedOptions.Config) is { Implicit: false };
        var median = input.Milliseconds("--latency-p50", Of(_p50));
        var slow = input.Milliseconds("--latency-p95", Of(_p95));
        if (median is { } p50 && slow is { } p95 && p95 <= p50)
        {
            input.Problems.Add("--latency-p95 is not above --latency-p50: write the larger of the two here.");
        }

        if (Of(_p95) is not null && (Of(_sigma) is not null || Of(_p50) is null))
        {
            input.Problems.Add("--latency-p95 gives the spread together with --latency-p50; write both, or --latency-sigma alone.");
        }

        return new()
        {
            Config = parsed.GetValue(SharedOptions.Config)!,
            UsesFile = hasFile || Of(_migration) is not null,
            AsksServer = parsed.GetValue(SharedOptions.Server) is not null || Of(_route) is not null,
            MigrationId = Of(_migration),
            Route = Of(_route),
            Days = (int)(input.Number("--days", Of(_days), 1, 366, "7") ?? 7),
            Rate = input.Number("--rate", Of(_rate), 0.0001, 1e6, "10"),
            ErrorRate = input.Share("--error-rate", Of(_errorRate), 0.5, "0.5%"),
            LatencyP50 = median,
            LatencyP95 = slow,
            LatencySigma = input.Number("--latency-sigma", Of(_sigma), 0.01, 5, "0.7"),
            Quality = input.Share("--quality", Of(_quality), 1, "0.8"),
            QualitySpread = input.Number("--quality-spread", Of(_qualitySpread), 0.01, 1, "0.25"),
            QualityShare = input.Share("--quality-share", Of(_qualityShare), 1, "20%"),
            Steps = input.Steps(Of(_steps)),
            Margins = parsed.GetValue(_margins) ?? [],
            Alpha = input.Share("--alpha", Of(_alpha), 0.5, "5%"),
            MaxHold = input.Milliseconds("--max-hold", Of(_maxHold), TimeSpan.FromDays(90)) is { } hold ? TimeSpan.FromMilliseconds(hold) : null,
            Seed = (uint)(input.Number("--seed", Of(_seed), 0, uint.MaxValue, "1") ?? 1),
            Repetitions = (int?)input.Number("--repetitions", Of(_repetitions), 0, 100_000, "200"),
        };
    }

    private static Option<string?> Text(string name, string help, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = help };
}
