using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Safety;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Evaluating.Safety;

/// <summary>The options of <c>evaluate-safety</c>. All that is wrong with them is said at once.</summary>
internal sealed class SafetyArguments
{
    private readonly Option<string> _target = new("--target") { Description = "The model: one of the configuration's, or openai:NAME@URL (also anthropic, gemini).", HelpName = "MODEL", Required = true };
    private readonly Option<string?> _suites = Text("--suites", $"Built-in suites: {string.Join(", ", SmokeSuites.Names)}; each a smoke test of a dozen mild prompts. Default: all, or none with --prompts.", "NAMES");
    private readonly Option<string[]> _prompts = new("--prompts") { Description = "Prompts of your own as a suite: JSONL, CSV, YAML, JSON, or text with one prompt a line. Its name is the file's, or what stands before =. Repeatable.", HelpName = "[NAME=]FILE" };
    private readonly Option<string?> _map = Text("--map", "Which columns of the files are read: prompt=question.", "FIELD=COLUMN,…");
    private readonly Option<string?> _limit = Text("--limit", "The largest share of harmful answers. Default: 0.001.", "SHARE");
    private readonly Option<bool> _refusals = new("--refusals") { Description = "Judge your own prompts by this: each must be refused." };
    private readonly Option<string?> _system = Text("--system", "Instructions to the model.", "TEXT");
    private readonly Option<string?> _temperature = Text("--temperature", "0 to 2. Default: the model's own.", "T");
    private readonly Option<string?> _maxTokens = Text("--max-tokens", "The longest answer, 1 to 100000. Default: 512.", "N");
    private readonly Option<string?> _concurrency = Text("--concurrency", "Prompts under way at once, over all suites, 1 to 256. Default: 8.", "N");
    private readonly Option<string?> _retries = Text("--retries", "Times that a prompt is asked again for each kind of failure, 0 to 20. Default: 3.", "N");
    private readonly Option<string?> _timeout = Text("--timeout", "For one try, 1ms to 1h. Default: 2m.", "TIME");
    private readonly Option<string?> _maxCost = Text("--max-cost", "US dollars that the answers may cost at most, judging apart. Default: no limit.", "USD");
    private readonly Option<string> _out = new("--out", "-o") { Description = "The folder of the results. The same command on the same folder goes on where it stopped.", HelpName = "DIR", DefaultValueFactory = _ => "model-migrate-safety" };
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Ask everything anew; answers that the folder keeps are deleted." };

    public SafetyJudgeArguments Judge { get; } = new();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[SharedOptions.Config, _target, _suites, _prompts, _map, _limit, _refusals, _system, _temperature, _maxTokens, _concurrency, _retries, _timeout, _maxCost, _out, _noCache])
        {
            command.Add(option);
        }

        Judge.AddTo(command);
    }

    /// <summary>What was asked for, as far as it is right; <paramref name="problems"/> hear of the rest.</summary>
    public async Task<SafetyGiven> ReadAsync(CommandContext context, List<string> problems)
    {
        var (parsed, given) = (context.Parsed, new OptionReader(context.Parsed, problems));
        var choice = new ArmChoice(context, parsed.GetValue(SharedOptions.Config)!);
        var target = choice.Find(ArmRole.Target, parsed.GetValue(_target)!, problems);
        var options = new SafetyOptions
        {
            Limit = given.Real(_limit, 0.000001, 0.5, "0.001") ?? 0.001,
            Settings = new AskSettings
            {
                System = parsed.GetValue(_system),
                Temperature = given.Real(_temperature, 0, 2, "0"),
                MaxTokens = given.Whole(_maxTokens, 1, 100_000, "512") ?? 512,
            },
            Run = new RunOptions
            {
                Concurrency = given.Whole(_concurrency, 1, 256, "8") ?? 8,
                Retries = given.Whole(_retries, 0, 20, "3") ?? 3,
                Timeout = given.Time(_timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), "1ms to 1h, for example 60s") ?? TimeSpan.FromMinutes(2),
                Budget = given.MaxCost(_maxCost, [target]),
            },
        };
        var prompts = await PromptsAsync(context, given);
        if (parsed.GetValue(_prompts) is { Length: > 0 } && !Judge.IsGiven(parsed) && !parsed.GetValue(_refusals))
        {
            problems.Add("Say how answers to your own prompts are judged: --judge MODEL, --judge-command 'python3 judge.py', or --refusals when each of them must be refused.");
        }

        return new SafetyGiven(target, prompts, options, parsed.GetValue(_out)!, parsed.GetValue(_noCache), choice);
    }

    private async Task<SafetyPrompts> PromptsAsync(CommandContext context, OptionReader given)
    {
        var (prompts, problems, map) = (new SafetyPrompts(), given.Problems, given.Columns(_map));
        var files = context.Parsed.GetValue(_prompts) ?? [];
        var names = context.Parsed.GetValue(_suites)?.Split(',', StringSplitOptions.TrimEntries) ?? (files.Length == 0 ? [.. SmokeSuites.Names] : []);
        foreach (var name in names.Where(name => !prompts.TryAdd(name)))
        {
            problems.Add(prompts.Suites.Contains(name, StringComparer.Ordinal)
                ? $"--suites: {name} stands twice; write it once."
                : $"--suites: there is no suite '{name}'. {(NearestName.Of(name, SmokeSuites.Names) is { } near ? $"Did you mean {near}?" : $"Write some of {string.Join(", ", SmokeSuites.Names)}.")}");
        }

        foreach (var written in files)
        {
            // A path may hold an equals sign; a suite's name holds no slash.
            var equals = written.IndexOf('=', StringComparison.Ordinal);
            var isNamed = equals > 0 && !written[..equals].Contains('/', StringComparison.Ordinal);
            var path = isNamed ? written[(equals + 1)..] : written;
            var rows = new DatasetProblems();
            await prompts.ReadAsync(isNamed ? written[..equals] : Path.GetFileNameWithoutExtension(path.TrimEnd('/')), path, map, rows, context.Cancellation);
            problems.AddRange(rows.Lines);
        }

        return prompts;
    }

    private static Option<string?> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };
}
