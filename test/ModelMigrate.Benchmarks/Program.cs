using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ModelMigrate.Benchmarks.Comparing;
using ModelMigrate.Benchmarks.Judging;
using ModelMigrate.Benchmarks.Load;
using ModelMigrate.Benchmarks.Promptfoo;
using ModelMigrate.Benchmarks.Rollouts;
using ModelMigrate.Benchmarks.Scoring;
using ModelMigrate.Benchmarks.Soak;

switch (args)
{
    case ["upstream", var port]:
        await Upstream.RunAsync(Number(port), TimeSpan.Zero);
        return 0;
    case ["upstream", var port, var milliseconds]:
        await Upstream.RunAsync(Number(port), TimeSpan.FromMilliseconds(Number(milliseconds)));
        return 0;
    case ["forwarder", var port, var upstream]:
        await Forwarder.RunAsync(Number(port), new Uri(upstream));
        return 0;
    case ["streams", var port]:
        await StreamedUpstream.RunAsync(Number(port));
        return 0;
    case ["translate", .. var options]:
        return await TranslationBench.RunAsync(LoadOptions.Parse(options), Console.Out);
    case ["soak", .. var options]:
        return await SoakBench.RunAsync(SoakOptions.Parse(options), Console.Out);
    case ["gateway", .. var options]:
        return await GatewayBench.RunAsync(LoadOptions.Parse(options), Console.Out);
    case ["rollouts", .. var options]:
        return await RolloutBench.RunAsync(RolloutOptions.Parse(options), Console.Out, Console.Error);
    case ["judge", .. var options]:
        return await JudgeBench.RunAsync(options, Console.Out);
    case ["score", .. var options]:
        return await ScoreBench.RunAsync(options, Console.Out);
    case ["promptfoo", .. var options]:
        return await PromptfooBench.RunAsync(PromptfooOptions.Parse(options), Console.Out);
    case ["compare", .. var options]:
        return await CompareBench.RunAsync(options, Console.Out);
    case ["micro", .. var options]:
        // The machine that builds also measures: an in-process toolchain needs no second restore.
        BenchmarkSwitcher.FromAssembly(typeof(Upstream).Assembly).Run(
            options, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            """
            Usage: dotnet run -c Release --project test/ModelMigrate.Benchmarks -- COMMAND
              gateway [--pairs 5] [--seconds 5] [--connections 16]   the gateway against a bare forwarder and nginx (needs wrk and nginx)
              translate [--pairs 5] [--seconds 5] [--connections 16] translated streams beside those that pass through
              soak [--requests 200000] [--connections 16] [--seed 1] streams, faults and clients that leave: nothing is left behind
              rollouts [--reps 1000] [--rates 1,10] [--scenarios a,b] [--seed 1] [--csv FILE] [--svg DIR] [--guide PAGE] [--json] [--smoke]
                                                                     the judge beside the rules that others use, in simulated migrations
              judge [--lines 2000000] [--rates 1,10,100]             the verb judge on a generated file, in many runs and in one
              score [--pairs 100000]                                 the verb score by every metric, on generated files
              promptfoo [--rows 2000] [--many 1000000] [--pairs 3] [--promptfoo FOLDER]
                                                                     the verb evaluate-promptfoo beside promptfoo itself, which npm installs
              compare [--rows 2000,200000] [--metrics exact,f1_squad] the verb compare on data sets of several sizes: rows a second and memory
              micro [--filter PATTERN]                               BenchmarkDotNet over routing and judging
            """);
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
