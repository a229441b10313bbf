using System.Globalization;
using ModelMigrate.Benchmarks.Rollouts.Scenarios;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts;

/// <summary>What the rollout bench runs and where its results go.</summary>
internal sealed record RolloutOptions
{
    public const string Usage = "rollouts [--reps 1000] [--rates 1,10] [--scenarios a,b] [--seed 1] [--csv FILE] [--svg DIR] [--guide PAGE] [--json] [--smoke]";

    /// <summary>Repetitions of every scenario at every rate.</summary>
    public int Repetitions { get; init; } = 1000;

    /// <summary>Requests a second.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [1, 10];

    public IReadOnlyList<Scenario> Scenarios { get; init; } = ScenarioList.All;

    /// <summary>Whether the paired-quality experiment runs too.</summary>
    public bool PairedQuality { get; init; } = true;

    /// <summary>The first repetition's seed; the others follow it.</summary>
    public uint Seed { get; init; } = 1;

    public string? Csv { get; init; }

    public string? Pictures { get; init; }

    /// <summary>The page of the guide whose tables are written anew, with the values and pictures in a folder of its name beside it.</summary>
    public string? Guide { get; init; }

    public bool Json { get; init; }

    /// <summary>Reads the command line. Throws with what to write instead.</summary>
    public static RolloutOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new RolloutOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name is "--json" or "--smoke")
            {
                options = name == "--json" ? options with { Json = true } : Smoke(options);
                continue;
            }

            if (++i == arguments.Length)
            {
                throw new ArgumentException($"{name} needs a value. Usage: {Usage}", nameof(arguments));
            }

            var value = arguments[i];
            options = name switch
            {
                "--reps" => options with { Repetitions = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rates" => options with { Rates = [.. value.Split(',').Select(r => double.Parse(r, CultureInfo.InvariantCulture))] },
                "--scenarios" => Choose(options, value.Split(',')),
                "--seed" => options with { Seed = uint.Parse(value, CultureInfo.InvariantCulture) },
                "--csv" => options with { Csv = value },
                "--svg" => options with { Pictures = value },
                "--guide" => options with { Guide = value },
                _ => throw new ArgumentException($"Unknown option '{name}'. Usage: {Usage}", nameof(arguments)),
            };
        }

        return options;
    }

    private static RolloutOptions Choose(RolloutOptions options, string[] names) => options with
    {
        Scenarios = [.. names.Where(n => n != Judged.PairedQuality.Name).Select(ScenarioList.Find)],
        PairedQuality = names.Contains(Judged.PairedQuality.Name),
    };

    /// <summary>A size that runs in seconds: enough to see a judge that is badly wrong.</summary>
    private static RolloutOptions Smoke(RolloutOptions options) => options with
    {
        Repetitions = 24,
        Rates = [10],
        Scenarios = [.. new[] { "healthy-0", "healthy-4", "outage-both", "errors+5", "errors+20", "latency-x2" }.Select(ScenarioList.Find)],
    };
}
