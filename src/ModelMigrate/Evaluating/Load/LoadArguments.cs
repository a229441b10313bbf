using System.CommandLine;
using System.Globalization;
using ModelMigrate.Control.Evaluation.Load;
using ModelMigrate.Core.Evaluation.Load;
using ModelMigrate.Commands;

namespace ModelMigrate.Evaluating.Load;

/// <summary>The options of <c>load-test</c> that say which load, and what it must hold. All that is wrong with them is said at once.</summary>
internal sealed class LoadArguments
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);
    private static readonly (string Name, double Share, string Words)[] s_shares = [("p50", 0.5, "50th"), ("p95", 0.95, "95th"), ("p99", 0.99, "99th"), ("p999", 0.999, "99.9th")];

    private readonly Option<string?> _profile = Text("--profile", $"A load with a name: {string.Join(", ", LoadProfile.All.Select(static profile => profile.Name))}. Other options change it.", "NAME");
    private readonly Option<bool> _closed = new("--closed") { Description = "Users who wait for each answer before they ask again. Hides stalls; default is requests that come whatever became of those before." };
    private readonly Option<string?> _rate = Text("--rate", "Requests a second after the ramp-up, up to 100000.", "N");
    private readonly Option<string?> _arrivals = Text("--arrivals", "poisson, as from many people, or constant. Default: poisson.", "KIND");
    private readonly Option<string?> _rampUp = Text("--ramp-up", "Time over which the rate or the users grow from none. Default: 0s.", "TIME");
    private readonly Option<string?> _duration = Text("--duration", "No request comes after it.", "TIME");
    private readonly Option<string?> _requests = Text("--requests", "At most so many requests.", "N");
    private readonly Option<string?> _users = Text("--users", "With --closed: how many, up to 10000.", "N");
    private readonly Option<string?> _each = Text("--requests-per-user", "With --closed: then a user is done.", "N");
    private readonly Option<string?> _seed = Text("--seed", "What the arrivals are drawn from. Default: 1.", "N");
    private readonly Option<string?> _maxInFlight = Text("--max-in-flight", "Requests under way at once, up to 100000; one beyond is not sent, and counts as failed. Default: 1000.", "N");
    private readonly Option<string?> _slo = Text("--slo", "A whole answer within this is a good one, for goodput. Default: any answer is.", "TIME");
    private readonly Option<string?> _sloFirst = Text("--slo-first-token", "And its first content within this.", "TIME");
    private readonly Option<string?> _minSuccess = Text("--min-success", "Exit 1 when a smaller share of all requests is answered.", "SHARE");
    private readonly Option<string?> _minGoodput = Text("--min-goodput", "Exit 1 when fewer good answers come a second.", "N");
    private readonly Option<string?>[] _maxLatency = [.. s_shares.Select(static share => Text($"--max-{share.Name}", $"Exit 1 when the {share.Words} percentile of latency is above.", "TIME"))];
    private readonly Option<string?>[] _maxFirst = [.. s_shares.Select(static share => Text($"--max-first-token-{share.Name}", $"The same of the time to first token.", "TIME"))];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_profile, _closed, _rate, _arrivals, _rampUp, _duration, _requests, _users, _each, _seed, _maxInFlight, _slo, _sloFirst, _minSuccess, _minGoodput, .. _maxLatency, .. _maxFirst])
        {
            command.Add(option);
        }
    }

    /// <summary>The load, but for what all measurements share.</summary>
    public LoadOptions Load(OptionReader given)
    {
        var profile = Profile(given);
        var rampUp = Time(given, _rampUp, TimeSpan.Zero) ?? profile?.Users.RampUp ?? TimeSpan.Zero;
        var duration = Time(given, _duration, TimeSpan.FromMilliseconds(1));
        var options = new LoadOptions
        {
            Seed = (ulong)(given.Whole(_seed, 0, int.MaxValue, "1") ?? 1),
            MaxInFlight = given.Whole(_maxInFlight, 1, 100_000, "1000") ?? 1000,
            Slo = Time(given, _slo, TimeSpan.FromMilliseconds(1)),
            SloFirstToken = Time(given, _sloFirst, TimeSpan.FromMilliseconds(1)),
        };
        return given.IsSet(_closed) ? options with { Users = Closed(given, profile, rampUp, duration) } : options with { Open = Open(given, profile, rampUp, duration) };
    }

    public LoadThresholds Thresholds(OptionReader given) => new()
    {
        MinSuccess = given.Real(_minSuccess, 0.001, 1, "0.99"),
        MinGoodput = given.Real(_minGoodput, 0.001, 1e6, "8"),
        MaxLatency = Lines(given, _maxLatency),
        MaxFirstToken = Lines(given, _maxFirst),
    };

    private static SortedDictionary<double, TimeSpan> Lines(OptionReader given, Option<string?>[] options)
    {
        var lines = new SortedDictionary<double, TimeSpan>();
        foreach (var (option, (_, share, _)) in options.Zip(s_shares))
        {
            if (Time(given, option, TimeSpan.FromMilliseconds(1)) is { } most)
            {
                lines[share] = most;
            }
        }

        return lines;
    }

    /// <summary>A line above the time limit could never be broken by a failure.</summary>
    public static void CheckLimit(LoadThresholds thresholds, TimeSpan limit, OptionReader given)
    {
        if (limit > TimeSpan.Zero && thresholds.MaxLatency.Values.Concat(thresholds.MaxFirstToken.Values).Any(most => most > limit))
        {
            given.Problems.Add(string.Create(CultureInfo.InvariantCulture, $"A --max-… above --timeout ({limit.TotalSeconds:0.###} s) cannot be told from a failure; lower it, or raise --timeout."));
        }
    }

    private LoadProfile? Profile(OptionReader given)
    {
        if (given.Text(_profile) is not { } name)
        {
            return null;
        }

        var found = LoadProfile.All.FirstOrDefault(profile => profile.Name == name);
        if (found is null)
        {
            given.Problems.Add($"--profile: there is no '{name}'; write one of {string.Join(", ", LoadProfile.All.Select(static each => each.Name))}.");
        }

        return found;
    }

    private LoadShape Open(OptionReader given, LoadProfile? profile, TimeSpan rampUp, TimeSpan? duration)
    {
        given.Refuse("without --closed there are no users", _users, _each);
        var rate = given.Real(_rate, 0.001, 100_000, "10") ?? profile?.Open.Rate;
        var requests = given.Whole(_requests, 1, int.MaxValue, "1000");
        var arrivals = given.Text(_arrivals) switch { null or "poisson" => ArrivalKind.Poisson, "constant" => ArrivalKind.Constant, _ => (ArrivalKind?)null };
        if (arrivals is null)
        {
            given.Problems.Add($"--arrivals: '{given.Text(_arrivals)}' is neither poisson nor constant.");
        }

        if (given.Text(_rate) is null && given.Text(_profile) is null)
        {
            given.Problems.Add("Say how many requests come: --rate 10 a second, or --profile users-10.");
        }

        if (given.Text(_duration) is null && given.Text(_requests) is null && given.Text(_profile) is null)
        {
            given.Problems.Add("Say when it ends: --duration 5m, or --requests 1000.");
        }

        // What is written replaces both ends of a profile.
        var isOwn = duration is not null || requests is not null;
        return new LoadShape
        {
            Arrivals = arrivals ?? ArrivalKind.Poisson, Rate = rate ?? 1, RampUp = rampUp,
            Duration = isOwn ? duration : profile?.Open.Duration, Requests = isOwn ? requests : profile?.Open.Requests,
        };
    }

    private LoadUsers Closed(OptionReader given, LoadProfile? profile, TimeSpan rampUp, TimeSpan? duration)
    {
        given.Refuse("users with --closed come as fast as they are answered", _rate, _arrivals, _requests);
        var users = given.Whole(_users, 1, 10_000, "10");
        var each = given.Whole(_each, 1, int.MaxValue, "100");
        if (given.Text(_users) is null && given.Text(_profile) is null)
        {
            given.Problems.Add("Say how many users there are: --users 10, or --profile users-10.");
        }

        if (given.Text(_duration) is null && given.Text(_each) is null && given.Text(_profile) is null)
        {
            given.Problems.Add("Say when it ends: --requests-per-user 100, or --duration 5m.");
        }

        var isOwn = duration is not null || each is not null;
        return new LoadUsers(users ?? profile?.Users.Users ?? 1, rampUp, isOwn ? each : profile?.Users.RequestsEach, isOwn ? duration : profile?.Users.Duration);
    }

    private static TimeSpan? Time(OptionReader given, Option<string?> option, TimeSpan least) =>
        given.Time(option, least, s_longest, $"{(least == TimeSpan.Zero ? "0s" : "1ms")} to 1d, for example 2s");

    private static Option<string?> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };
}
