using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Suites;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Core.Suites.Reading;
using ModelMigrate.Core.Suites.Smoke;
using ModelMigrate.Evaluating;
using ModelMigrate.Output;

namespace ModelMigrate.Suites;

/// <summary>A run of suites from their file to the exit code. Everything that is wrong is said, all at once, before a model is asked.</summary>
internal sealed class SuiteFlow(CommandContext context, SuiteOptions options)
{
    private const int MostBytes = 64 << 20;

    private string Folder => options.File?.DirectoryName ?? Directory.GetCurrentDirectory();

    /// <param name="problems">What is wrong already.</param>
    public async Task<ExitCode> RunAsync(List<string> problems)
    {
        var file = Read(problems, out var code);
        if (code != ExitCode.Ok)
        {
            return code;
        }

        var all = (options.Smoke ? new[] { SmokeSuite.Alone() } : []).Concat(file?.Suites ?? []).ToList();
        var suites = options.Filter.Of(all);
        if (problems.Count == 0 && suites.Count == 0)
        {
            return context.Fail(ExitCode.Usage, $"Nothing ran: none of the {all.Sum(static suite => suite.Cases.Count)} cases is of the level, tier and tags that were asked for. Correct --level, --tier or --tag.");
        }

        var arms = new ArmChoice(context, Models(file));
        var (model, source, url) = (options.Model ?? file?.Model, options.Source ?? file?.Source, options.Url ?? file?.Url);
        var targets = new SuiteTargets
        {
            Model = Needs(suites, SuiteTargets.NeedsModel) ? Find(arms, ArmRole.Target, "model", model, problems) : null,
            Source = Needs(suites, SuiteTargets.NeedsSource) ? Find(arms, ArmRole.Source, "source", source, problems) : null,
            Url = Needs(suites, SuiteTargets.NeedsUrl) ? url : null,
            Folder = Folder,
        };
        if (url is null && Needs(suites, SuiteTargets.NeedsUrl))
        {
            problems.Add("No server is named for the contract cases. Write --url, or 'url:' in the file, for example http://127.0.0.1:8080.");
        }

        problems.AddRange(await SuiteRun.ProblemsAsync(suites, Folder, context.Cancellation));
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return problems.Count > 0 ? ExitCode.Usage : await RunAsync(all, suites, targets, new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = model ?? "", ["source"] = source ?? "", ["url"] = url?.AbsoluteUri.TrimEnd('/') ?? "", ["folder"] = Folder });
    }

    /// <param name="all">Every suite there is.</param>
    /// <param name="suites">Those that run, with the cases that run.</param>
    /// <param name="targets">Whom they ask.</param>
    /// <param name="words">What stands for the names in the commands of cases.</param>
    private async Task<ExitCode> RunAsync(List<Suite> all, IReadOnlyList<Suite> suites, SuiteTargets targets, Dictionary<string, string> words)
    {
        var (time, began) = (context.Terminal.Time, context.Terminal.Time.GetUtcNow());
        var output = new SuiteOutput(context, options);
        var command = new CommandProbe(context, words);
        IReadOnlyList<CaseResult> results;
        try
        {
            using var run = new SuiteRun(targets, options.Concurrency, command.TryAsync, time);
            results = await run.RunAsync(suites, output.Say, context.Cancellation);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            // Not 0: the rest was not run.
            return context.Fail(ExitCode.Infrastructure, "Stopped: not every case ran, so nothing is said of them all.");
        }

        return await output.WriteAsync(new SuiteReport
        {
            File = options.File?.Name,
            Model = words["model"] is { Length: > 0 } model ? model : null,
            Source = words["source"] is { Length: > 0 } source ? source : null,
            StartedAt = began,
            Seconds = Math.Round((time.GetUtcNow() - began).TotalSeconds, 3),
            LeftOut = all.Sum(static suite => suite.Cases.Count) - results.Count,
            Cases = results,
        });
    }

    private static bool Needs(IReadOnlyList<Suite> suites, Predicate<SuiteCase> needs) => suites.Any(suite => suite.Cases.Any(each => needs(each)));

    private ModelSnapshot? Find(ArmChoice arms, ArmRole role, string option, string? named, List<string> problems)
    {
        if (named is null)
        {
            problems.Add($"No {option} is named. Write --{option}, {(options.File is null ? "" : $"or '{option}:' in the file, ")}as a model of the configuration or openai:NAME@URL.");
        }

        return named is null ? null : arms.Find(role, named, problems, option)?.Model;
    }

    private SuiteFile? Read(List<string> problems, out ExitCode code)
    {
        code = ExitCode.Ok;
        if (options.File is not { } file)
        {
            return null;
        }

        if (Bytes(file.FullName) is not { } bytes)
        {
            code = context.Fail(ExitCode.Usage, $"Cannot read {file.FullName}. Name your file with --config; samples/suites has one. The built-in suite needs none: --smoke.");
            return null;
        }

        var (found, wrong) = SuiteReader.Read(file.Name, bytes, name => Bytes(Path.Combine(Folder, name)) is { } named ? new MemoryStream(named) : null, context.Terminal.Environment, CommandProbe.Verbs);
        problems.AddRange(wrong.Select(static problem => problem.ToString()));
        return found;
    }

    private FileInfo Models(SuiteFile? file) => options.Models ?? new FileInfo(Path.Combine(Folder, file?.Models ?? "model-migrate.yaml"));

    private static byte[]? Bytes(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MostBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
