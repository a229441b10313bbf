using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ModelMigrate.Demo;
using ModelMigrate.Output;

namespace ModelMigrate.Commands;

/// <summary><c>demo</c>: a whole migration in a minute, with nothing to set up.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenario = new Option<string>("--scenario") { Description = "healthy, errors, slow, malformed, outage or both-outage.", HelpName = "NAME", DefaultValueFactory = _ => "healthy" };
        scenario.AcceptOnlyFromAmong("healthy", "errors", "slow", "malformed", "outage", "both-outage");
        var seconds = new Option<int>("--seconds") { Description = "The most time to run, 10 to 3600; under 45 it may end while still running.", DefaultValueFactory = _ => 60 };
        var seed = new Option<ulong>("--seed") { Description = "Decides every simulated answer, latency and fault.", DefaultValueFactory = _ => 1 };
        var rate = new Option<int>("--rate") { Description = "Requests per second, 1 to 5000.", DefaultValueFactory = _ => 200 };
        Within(seconds, 10, 3600);
        Within(rate, 1, 5000);
        return new Verb("demo", "Run a canary from a simulated OpenAI-protocol model to a simulated Anthropic-protocol one, under load, to its end.",
            "model-migrate demo", "model-migrate demo --scenario errors", "model-migrate demo --scenario outage --json | tail -1")
            { scenario, seconds, seed, rate }
            .Runs(terminal, context => RunAsync(context, new DemoOptions
            {
                Scenario = Enum.Parse<DemoScenario>(context.Parsed.GetValue(scenario)!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                Duration = TimeSpan.FromSeconds(context.Parsed.GetValue(seconds)),
                Seed = context.Parsed.GetValue(seed),
                Rate = context.Parsed.GetValue(rate),
            }));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, DemoOptions options)
    {
        context.Say(string.Create(CultureInfo.InvariantCulture,
            $"Scenario {Name(options.Scenario)}: {options.Rate} requests/s, at most {options.Duration.TotalSeconds:0} s. Steps 10, 25, 50 %, then promotion; rollback alpha 0.001."));
        var run = new DemoRun(options, context.Terminal.Time);
        var screen = new DemoScreen(context.Terminal, context.People, context.Terminal.Live && !context.Json);
        if (await run.RunAsync(screen, context.Cancellation) is not { } result)
        {
            return context.Fail((ExitCode)run.Fault!.ExitCode, string.Join(Environment.NewLine, run.Fault.Problems));
        }

        context.Say("");
        context.Say(run.Report);
        Say(context, options, result);
        if (context.Json)
        {
            var json = JsonSerializer.SerializeToNode(result, Terminal.CompactJson)!;
            json["scenario"] = Name(options.Scenario);
            await context.Terminal.Out.WriteLineAsync(json.ToJsonString(Terminal.CompactJson));
        }

        return result.IsExpected ? ExitCode.Ok : ExitCode.Negative;
    }

    private static void Say(CommandContext context, DemoOptions options, DemoResult result)
    {
        context.Say(string.Create(CultureInfo.InvariantCulture,
            $"Outcome: {result.Outcome} after {result.Seconds:0.0} s. {result.Requests} requests, {result.UserErrors} user errors, {result.Rescued} rescued."));
        if (result.SecondsToRollback is { } seconds)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture,
                $"Rolled back {seconds:0.0} s after the first fault; {result.ExposedBeforeRollback} requests met the faulty target."));
        }

        if (result.RateCarried < 0.95 * options.Rate)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"This machine carried {result.RateCarried:0} of {options.Rate} requests/s."));
        }

        context.Say($"Report: {result.Report}");
        context.Say($"To make its decisions again: model-migrate judge --observations {result.Export}");
        if (!result.IsExpected)
        {
            context.Say($"The scenario {Name(options.Scenario)} must end otherwise.");
        }
    }

    private static string Name(DemoScenario scenario) => scenario == DemoScenario.BothOutage ? "both-outage" : scenario.ToString().ToLowerInvariant();

    private static void Within(Option<int> option, int min, int max) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) || value < min || value > max))
        {
            result.AddError($"{option.Name}: \"{token.Value}\" is not a number between {min} and {max}.");
        }
    });
}
