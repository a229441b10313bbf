using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Judging.Rubrics;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Linting;
using ModelMigrate.Output;
using ModelMigrate.Providers.Http;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Scoring.Judging;

/// <summary><c>judge-answers</c>: a model says which of two answers is better, or grades answers by a rubric.</summary>
internal static class JudgeAnswersCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new JudgeAnswersOptions();
        return options.Add(new Verb(
                "judge-answers",
                "Have a model judge answers in a file: a line of JSON for each, and a summary with how far that judge can be believed. Exits 3 when the judge cannot be reached, 4 when too few cases have a verdict.",
                "model-migrate judge-answers --pairwise --input answers.jsonl --judge gemini-2.5-pro --source gpt-4o --target claude-sonnet-4-5",
                "model-migrate judge-answers --rubric rubric.md --scale 1-5 --repeats 3 --input answers.jsonl --judge gemini-2.5-pro --target claude-sonnet-4-5"))
            .Runs(terminal, context => RunAsync(context, options));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, JudgeAnswersOptions options)
    {
        var file = context.Parsed.GetValue(SharedOptions.Config)!;
        var (config, _, code) = ConfigurationFile.Read(context, file);
        if (config is null)
        {
            return code;
        }

        var problems = new List<string>();
        var catalog = CatalogCompiler.Compile(config);
        var judge = Model("--judge", context.Parsed.GetValue(options.Judge));
        var (source, target) = (Model("--source", context.Parsed.GetValue(options.Source)), Model("--target", context.Parsed.GetValue(options.Target)));
        var rubric = await RubricAsync(context, options, problems);
        var isPairwise = context.Parsed.GetValue(options.Pairwise);
        var most = MaxCost(context.Parsed.GetValue(options.MaxCost)!, judge, problems);
        var lines = Read(context, context.Parsed.GetValue(options.Input)!, isPairwise, problems);
        if (judge is not null && !context.Parsed.GetValue(options.AllowSameFamily))
        {
            Families(judge, source, target, lines, problems);
        }

        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        if (problems.Count > 0)
        {
            return ExitCode.Usage;
        }

        using var connections = new ProviderConnections(context.Terminal.Time);
        var model = new JudgeModel(judge!, Adapters.For(judge!, connections, context.Terminal.Time), new JudgeLimits { MaxCost = most }, context.Terminal.Time);
        var output = new OrderedLines(context.Terminal.Out, lines.Count);
        var (repeats, concurrency) = (context.Parsed.GetValue(options.Repeats), context.Parsed.GetValue(options.Concurrency));
        var judged = rubric is null
            ? await new PairwiseRun(model, repeats, concurrency, context.Parsed.GetValue(options.MinWinRate)).RunAsync(lines, output, Progress, context.Cancellation)
            : await new RubricRun(model, rubric, repeats, concurrency).RunAsync(lines, output, Progress, context.Cancellation);
        await context.Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(new { judged.Summary }, Terminal.CompactJson));
        return End(context, judged, model.Usage, context.Parsed.GetValue(options.MaxMissing));

        void Progress(int through)
        {
            if (context.Terminal.Live)
            {
                context.Terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{through} of {lines.Count} cases{(through == lines.Count ? "\n" : " ")}"));
            }
        }

        ModelSnapshot? Model(string option, string? name)
        {
            if (name is null)
            {
                return null;
            }

            if (catalog.GetValueOrDefault(new ModelId(name)) is { } found)
            {
                return found;
            }

            var names = catalog.Keys.Select(static id => id.Value).Order(StringComparer.Ordinal).ToList();
            problems.Add($"{option}: '{name}' is not in {file.Name}. {(NearestName.Of(name, names) is { } near ? $"Did you mean '{near}'?" : $"Write one of {string.Join(", ", names)}.")}");
            return null;
        }
    }

    private static async Task<Rubric?> RubricAsync(CommandContext context, JudgeAnswersOptions options, List<string> problems)
    {
        var (file, isPairwise, scale) = (context.Parsed.GetValue(options.Rubric), context.Parsed.GetValue(options.Pairwise), context.Parsed.GetValue(options.Scale)!);
        if (isPairwise == (file is not null))
        {
            problems.Add("Write --pairwise to have two answers compared, or --rubric FILE to have each graded; one of them.");
            return null;
        }

        if (file is null)
        {
            return null;
        }

        if (context.Parsed.GetValue(options.MinWinRate) is not null)
        {
            problems.Add("--min-win-rate is of --pairwise: a rubric has no wins. Leave it out.");
        }

        if (!Rubric.TryScale(scale, out var low, out var high))
        {
            problems.Add($"--scale: '{scale}' is not two whole numbers, the lower first and at most {Rubric.MostSteps} apart, for example 1-5.");
            return null;
        }

        try
        {
            var text = await File.ReadAllTextAsync(file.FullName, context.Cancellation);
            if (string.IsNullOrWhiteSpace(text))
            {
                problems.Add($"--rubric: {file.Name} is empty. Write what each grade means.");
            }

            return new Rubric(text, low, high);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Cannot read: {unreadable.Message} Name an existing file with --rubric.");
            return null;
        }
    }

    private static decimal? MaxCost(string written, ModelSnapshot? judge, List<string> problems)
    {
        if (written == "none")
        {
            return null;
        }

        if (!decimal.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) || dollars <= 0)
        {
            problems.Add($"--max-cost: '{written}' is not an amount of US dollars above 0, for example 2.5, nor 'none'.");
        }
        else if (judge is not null && judge.Cost(1, 1) is null)
        {
            problems.Add($"--max-cost cannot be kept: no price is known of {judge.Id.Value}. Write inputCostPer1k and outputCostPer1k into the catalog entry, or --max-cost none.");
        }

        return dollars;
    }

    /// <summary>Reads all lines before any is judged; one that cannot be read costs nothing.</summary>
    private static List<AnswerLine> Read(CommandContext context, string file, bool isPairwise, List<string> problems)
    {
        var lines = new List<AnswerLine>();
        var bad = 0;
        try
        {
            using var stream = RequestOptions.Open(context, file);
            using var reader = new LineReader(stream, LintRun.LongestLine);
            var answers = new AnswerLineReader(isPairwise);
            while (reader.TryRead(out var text))
            {
                if (text.Trim(" \t"u8).IsEmpty)
                {
                    continue;
                }

                if (answers.TryRead(reader.Number, text.ToArray(), out var wrong) is { } line)
                {
                    lines.Add(line);
                    continue;
                }

                bad++;
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{file}:{reader.Number}: {wrong}"));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Cannot read: {unreadable.Message} Name an existing file, or - for standard input.");
            return lines;
        }

        if (bad > 0 || lines.Count == 0)
        {
            problems.Add(bad > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{bad} of {bad + lines.Count} lines cannot be read, so nothing was judged.")
                : $"{file} has no lines. Write one JSON object a line, for example {{\"prompt\":\"Capital of France?\",\"source\":\"Paris\",\"target\":\"Paris.\"}}.");
        }

        return lines;
    }

    private static void Families(ModelSnapshot judge, ModelSnapshot? source, ModelSnapshot? target, List<AnswerLine> lines, List<string> problems)
    {
        foreach (var (arm, model) in ((string, ModelSnapshot?)[])[("source", source), ("target", target)])
        {
            if (model is null && lines.Any(line => line.Answers.ContainsKey(arm) || (arm == "target" && line.Answers.ContainsKey("prediction"))))
            {
                problems.Add($"--{arm} is missing, so nobody knows whether the judge is of that model's family. Name the model, or write --allow-same-family.");
            }
        }

        if (JudgeFamily.Refusal(judge, [.. new[] { source, target }.OfType<ModelSnapshot>()]) is { } refusal)
        {
            problems.Add($"--judge: {refusal}");
        }
    }

    private static ExitCode End(CommandContext context, JudgedAnswers judged, JudgeUsage usage, double maxMissing)
    {
        var cost = usage.Cost;
        context.Terminal.Error.WriteLine(judged.Words);
        context.Terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Judging: {cost.Calls} calls, {cost.InputTokens} input and {cost.OutputTokens} output tokens, {(cost.Dollars is { } dollars ? $"${dollars:0.0000}" : "at an unknown price")}; {cost.Malformed} answers were no verdict, {cost.Retries} calls were made again."));
        if (judged.IsUnreachable)
        {
            return context.Fail(ExitCode.Infrastructure, "The judge could not be asked for a single case; see 'missing' of the lines.");
        }

        if (usage.IsReached)
        {
            return context.Fail(ExitCode.Undecided, "The limit of cost ended the run before all cases were judged. Raise --max-cost.");
        }

        return judged.Missing > maxMissing * judged.Asked
            ? context.Fail(ExitCode.Undecided, string.Create(CultureInfo.InvariantCulture, $"{judged.Missing} of {judged.Asked} have no verdict, more than the share {maxMissing} that --max-missing allows."))
            : judged.Verdict;
    }
}
