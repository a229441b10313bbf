using System.CommandLine;
using System.Globalization;
using ModelMigrate.Control.Evaluation.Load;
using ModelMigrate.Core.Evaluation.Load;
using ModelMigrate.Evaluating.Timing;

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
    public LoadOptions Load(ParseResult parsed, List<string> problems)
    {
        var profile = Profile(parsed, problems);
        var rampUp = Time(parsed, _rampUp, TimeSpan.Zero, problems) ?? profile?.Users.RampUp ?? TimeSpan.Zero;
        var duration = Time(parsed, _duration, TimeSpan.FromMilliseconds(1), problems);
        var options = new LoadOptions
        {
            Seed = (ulong)(Whole(parsed, _seed, 0, int.MaxValue, "1", problems) ?? 1),
            MaxInFlight = Whole(parsed, _maxInFlight, 1, 100_000, "1000", problems) ?? 1000,
            Slo = Time(parsed, _slo, TimeSpan.FromMilliseconds(1), problems),
            SloFirstToken = Time(parsed, _sloFirst, TimeSpan.FromMilliseconds(1), problems),
        };
        return parsed.GetValue(_closed) ? options with { Users = Closed(parsed, profile, rampUp, duration, problems) } : options with { Open = Open(parsed, profile, rampUp, duration, problems) };
    }

    public LoadThresholds Thresholds(ParseResult parsed, List<string> problems) => new()
    {
        MinSuccess = Real(parsed, _minSuccess, 0.001, 1, "for example 0.99", problems),
        MinGoodput = Real(parsed, _minGoodput, 0.001, 1e6, "for example 8", problems),
        MaxLatency = Lines(parsed, _maxLatency, problems),
        MaxFirstToken = Lines(parsed, _maxFirst, problems),
    };

    private static SortedDictionary<double, TimeSpan> Lines(ParseResult parsed, Option<string?>[] options, List<string> problems)
    {
        var lines = new SortedDictionary<double, TimeSpan>();
        foreach (var (option, (_, share, _)) in options.Zip(s_shares))
        {
            if (Time(parsed, option, TimeSpan.FromMilliseconds(1), problems) is { } most)
            {
                lines[share] = most;
            }
        }

        return lines;
    }

    /// <summary>A line above the time limit could never be broken by a failure.</summary>
    public static void CheckLimit(LoadThresholds thresholds, TimeSpan limit, List<string> problems)
    {
        if (limit > TimeSpan.Zero && thresholds.MaxLatency.Values.Concat(thresholds.MaxFirstToken.Values).Any(most => most > limit))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"A --max-… above --timeout ({limit.TotalSeconds:0.###} s) cannot be told from a failure; lower it, or raise --timeout."));
        }
    }

    private LoadProfile? Profile(ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(_profile) is not { } name)
        {
            return null;
        }

        var found = LoadProfile.All.FirstOrDefault(profile => profile.Name == name);
        if (found is null)
        {
            problems.Add($"--profile: there is no '{name}'; write one of {string.Join(", ", LoadProfile.All.Select(static each => each.Name))}.");
        }

        return found;
    }

    private LoadShape Open(ParseResult parsed, LoadProfile? profile, TimeSpan rampUp, TimeSpan? duration, List<string> problems)
    {
        Refuse(parsed, problems, "without --closed there are no users", _users, _each);
        var rate = Real(parsed, _rate, 0.001, 100_000, "for example 10", problems) ?? profile?.Open.Rate;
        var requests = Whole(parsed, _requests, 1, int.MaxValue, "1000", problems);
        var arrivals = parsed.GetValue(_arrivals) switch { null or "poisson" => ArrivalKind.Poisson, "constant" => ArrivalKind.Constant, _ => (ArrivalKind?)null };
        if (arrivals is null)
        {
            problems.Add($"--arrivals: '{parsed.GetValue(_arrivals)}' is neither poisson nor constant.");
        }

        if (parsed.GetValue(_rate) is null && parsed.GetValue(_profile) is null)
        {
            problems.Add("Say how many requests come: --rate 10 a second, or --profile users-10.");
        }

        if (parsed.GetValue(_duration) is null && parsed.GetValue(_requests) is null && parsed.GetValue(_profile) is null)
        {
            problems.Add("Say when it ends: --duration 5m, or --requests 1000.");
        }

        // What is written replaces both ends of a profile.
        var isOwn = duration is not null || requests is not null;
        return new LoadShape
        {
            Arrivals = arrivals ?? ArrivalKind.Poisson, Rate = rate ?? 1, RampUp = rampUp,
            Duration = isOwn ? duration : profile?.Open.Duration, Requests = isOwn ? requests : profile?.Open.Requests,
        };
    }

    private LoadUsers Closed(ParseResult parsed, LoadProfile? profile, TimeSpan rampUp, TimeSpan? duration, List<string> problems)
    {
        Refuse(parsed, problems, "users with --closed come as fast as they are answered", _rate, _arrivals, _requests);
        var users = Whole(parsed, _users, 1, 10_000, "10", problems);
        var each = Whole(parsed, _each, 1, int.MaxValue, "100", problems);
        if (parsed.GetValue(_users) is null && parsed.GetValue(_profile) is null)
        {
            problems.Add("Say how many users there are: --users 10, or --profile users-10.");
        }

        if (parsed.GetValue(_duration) is null && parsed.GetValue(_each) is null && parsed.GetValue(_profile) is null)
        {
            problems.Add("Say when it ends: --requests-per-user 100, or --duration 5m.");
        }

        var isOwn = duration is not null || each is not null;
        return new LoadUsers(users ?? profile?.Users.Users ?? 1, rampUp, isOwn ? each : profile?.Users.RequestsEach, isOwn ? duration : profile?.Users.Duration);
    }

    private static void Refuse(ParseResult parsed, List<string> problems, string because, params ReadOnlySpan<Option<string?>> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetValue(option) is not null)
            {
                problems.Add($"{option.Name}: {because}; leave it out.");
            }
        }
    }

    private static int? Whole(ParseResult parsed, Option<string?> option, int least, int most, string example, List<string> problems) =>
        parsed.GetValue(option) is { } written ? TimingArguments.Whole(option.Name, written, least, most, example, problems) : null;

    private static double? Real(ParseResult parsed, Option<string?> option, double least, double most, string example, List<string> problems) =>
        parsed.GetValue(option) is { } written ? TimingArguments.Real(option.Name, written, least, most, example, problems) : null;

    private static TimeSpan? Time(ParseResult parsed, Option<string?> option, TimeSpan least, List<string> problems) =>
        parsed.GetValue(option) is { } written ? TimingArguments.Time(option.Name, written, least, s_longest, $"{(least == TimeSpan.Zero ? "0s" : "1ms")} to 1d, for example 2s", problems) : null;

    private static Option<string?> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };
}
