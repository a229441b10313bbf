using System.CommandLine;
using ModelMigrate.Commands.Server;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Plans;
using ModelMigrate.Core.Plans.Forecasting;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Forecasting;

/// <summary><c>forecast</c>: what a migration will take, before anybody starts it.</summary>
internal static class ForecastCommand
{
    private const double UsualErrorRate = 0.005;

    public static Command Create(Terminal terminal)
    {
        var options = new ForecastArguments();
        var verb = new Verb(
            "forecast",
            "Say how long a migration will take, and how many requests a sick target will meet. Exit code 4: a healthy target would not be promoted.",
            "model-migrate forecast --rate 10 --error-rate 0.5%",
            "model-migrate forecast --config model-migrate.yaml --migration-id MIG-chat --rate 10",
            "model-migrate forecast --config model-migrate.yaml --migration-id MIG-chat --server http://127.0.0.1:8080",
            "model-migrate forecast --rate 0.2 --steps 10%:1h,50%:1h --margin errors=2pp --json");
        foreach (var option in options.All)
        {
            verb.Add(option);
        }

        return verb.Runs(terminal, context => RunAsync(context, options));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, ForecastArguments options)
    {
        var input = new ForecastInput();
        var given = options.Read(context.Parsed, input);
        if (!given.AsksServer && given.Rate is null)
        {
            input.Problems.Add("--rate is missing: write the route's requests a second, for example --rate 10, or --route chat to take what a server measured.");
        }

        if (given.Route is not null && given.UsesFile)
        {
            input.Problems.Add("--route: the migration of the file says which route it is; leave --route out, and add --server to take what was measured on it.");
        }

        if (given.AsksServer && given.Route is null && !given.UsesFile)
        {
            input.Problems.Add("--server: say what to read from it with --route chat, or with --config and --migration-id.");
        }

        var spec = given.UsesFile ? FromFile(context, given, input) : FromOptions(given, input);
        if (spec is null || input.Problems.Count > 0)
        {
            foreach (var problem in input.Problems)
            {
                await context.Terminal.Error.WriteLineAsync(problem);
            }

            return ExitCode.Usage;
        }

        return given.AsksServer
            ? await context.CallAsync(client => MeasuredAsync(context, client, spec, given))
            : await SayAsync(context, spec, Traffic(given, measured: null), given);
    }

    private static async Task<ExitCode> MeasuredAsync(CommandContext context, AdminClient client, RolloutSpec spec, ForecastGiven given)
    {
        var (measured, problem) = await client.TrafficAsync(spec.Route.Value, given.Days, context.Cancellation);
        if (problem is not null)
        {
            return context.Fail(problem);
        }

        return measured!.Rate is null && given.Rate is null
            ? context.Fail(
                ExitCode.Usage,
                $"Nothing was measured on route {spec.Route} in the last {given.Days} days: traffic is counted while a migration runs. Give --rate and --error-rate.")
            : await SayAsync(context, spec, Traffic(given, measured), given);
    }

    private static async Task<ExitCode> SayAsync(CommandContext context, RolloutSpec spec, Traffic traffic, ForecastGiven given)
    {
        // Only a person who watches is told what takes long; a file gets the result alone.
        Action<string>? progress = context.Terminal.Live || given.Repetitions is not null ? line => context.Terminal.Error.WriteLine(line) : null;
        var forecast = await Task.Run(
            () => MigrationForecast.Of(spec, traffic, new ForecastOptions { Seed = given.Seed, Repetitions = given.Repetitions, Progress = progress }, context.Cancellation),
            context.Cancellation);
        context.WriteJson(forecast);
        await context.People.WriteAsync(ForecastText.Write(forecast));
        return forecast.IsPromotable ? ExitCode.Ok : ExitCode.Undecided;
    }

    /// <summary>What was measured, and over it what the options say.</summary>
    private static Traffic Traffic(ForecastGiven given, TrafficView? measured)
    {
        var median = given.LatencyP50 ?? measured?.P50Ms;
        var sigma = given.LatencySigma
            ?? (median is { } p50 && given.LatencyP95 is { } p95 ? Core.Plans.Traffic.SigmaOf(p50, p95) : (double?)null)
            ?? measured?.LatencySigma;
        var label = measured?.Rate is null ? "the options; what they leave out is assumed"
            : $"{measured.SourceRequests} requests that {string.Join(", ", measured.Migrations)} measured over {ExposureForecast.Text(measured.Seconds)}, and the options";
        return new()
        {
            Rate = given.Rate ?? measured!.Rate!.Value,
            ErrorRate = given.ErrorRate ?? measured?.ErrorRate ?? UsualErrorRate,
            LatencyP50Ms = median,
            LatencySigma = sigma ?? Core.Plans.Traffic.UsualSigma,
            Quality = given.Quality ?? 0.8,
            QualitySpread = given.QualitySpread ?? Core.Plans.Traffic.UsualQualitySpread,
            QualityShare = given.QualityShare ?? 1,
            Label = label,
        };
    }

    private static RolloutSpec? FromFile(CommandContext context, ForecastGiven given, ForecastInput input)
    {
        var (config, _, _) = ConfigurationFile.Read(context, given.Config);
        if (config is null)
        {
            return null;
        }

        var named = config.Migrations.Where(each => given.MigrationId is null || each.Id.Value == given.MigrationId).ToList();
        if (named is not [var migration])
        {
            var known = string.Join(", ", config.Migrations.Select(each => each.Id.Value));
            input.Problems.Add(
                config.Migrations.Count == 0 ? $"{given.Config.Name} declares no migration. Leave --config out to forecast the default steps."
                : given.MigrationId is null ? $"{given.Config.Name} declares several migrations; say which with --migration-id: {known}."
                : $"--migration-id: '{given.MigrationId}' is not in {given.Config.Name}. Write one of {known}.");
            return null;
        }

        var spec = RolloutSpecFactory.Create(migration, config, CatalogCompiler.Compile(config));
        return Adjust(spec, given, input);
    }

    private static RolloutSpec FromOptions(ForecastGiven given, ForecastInput input) => Adjust(
        new()
        {
            Id = new("forecast"),
            Route = new(given.Route ?? "route"),
            Source = new("source"),
            Target = new("target"),
            Fingerprint = "forecast",
            Steps = StepDefaults.Canary,
            Gates = GateDefaults.Chat,
            WatchShare = RolloutJudging.WatchShare,
            Seed = given.Seed,
        },
        given, input);

    private static RolloutSpec Adjust(RolloutSpec spec, ForecastGiven given, ForecastInput input) => spec with
    {
        Steps = given.Steps is { Count: > 0 } steps ? steps : spec.Steps,
        Gates = input.Margins(spec.Gates, given.Margins),
        Alpha = given.Alpha ?? spec.Alpha,
        MaxHold = given.MaxHold ?? spec.MaxHold,
    };
}
