using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Suites;

/// <summary><c>run-suite</c>: suites of tests against a model, from a file or built in.</summary>
internal sealed class RunSuiteCommand
{
    private readonly Option<FileInfo> _file = new("--config", "-c") { Description = "The file of suites.", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("suites.yaml") };
    private readonly Option<bool> _smoke = new("--smoke") { Description = "Run the built-in smoke suite; with --config before the file's suites." };
    private readonly Option<string?> _model = new("--model") { Description = "The model under test: one of the configuration's, or openai:NAME@URL (also anthropic, gemini), whose key stands in MODEL_MIGRATE_TARGET_KEY. Default: the file's.", HelpName = "MODEL" };
    private readonly Option<string?> _source = new("--source") { Description = "The model that users have, which parity compares with; its key stands in MODEL_MIGRATE_SOURCE_KEY. Default: the file's.", HelpName = "MODEL" };
    private readonly Option<FileInfo?> _models = new("--models") { Description = "The configuration that models are looked up in. Default: the file's, else model-migrate.yaml beside it.", HelpName = "FILE" };
    private readonly Option<string?> _url = new("--url") { Description = "The server that contract cases ask. Default: the file's.", HelpName = "URL" };
    private readonly Option<string[]> _level = new("--level") { Description = "Only suites of these levels: smoke, unit, integration, evaluation, safety, load, chaos. With commas, or several times.", HelpName = "LEVELS" };
    private readonly Option<string[]> _tag = new("--tag") { Description = "Only cases with one of these tags.", HelpName = "TAGS" };
    private readonly Option<string?> _tier = new("--tier") { Description = "Only suites of this tier and of those before it: pr, merge, nightly.", HelpName = "TIER" };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "Cases of a suite under way at once, 1 to 64. Default: 4.", HelpName = "N", DefaultValueFactory = _ => 4 };
    private readonly Option<bool> _failOnFlaky = new("--fail-on-flaky") { Description = "Exit 1 when a case passes only sometimes, also within its allowed failures." };
    private readonly Option<FileInfo?> _junit = new("--junit") { Description = "Write JUnit XML here.", HelpName = "FILE" };
    private readonly Option<FileInfo?> _markdown = new("--markdown") { Description = "Write a Markdown report here.", HelpName = "FILE" };
    private readonly Option<bool> _github = new("--github") { Description = "Write GitHub annotations after the text, and the Markdown to the file that GITHUB_STEP_SUMMARY names." };

    public static Command Create(Terminal terminal)
    {
        var own = new RunSuiteCommand();
        own._concurrency.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 64)
            {
                result.AddError("--concurrency is a number from 1 to 64.");
            }
        });
        return new Verb("run-suite", "Run suites of tests against a model. Exits 0 when every case passes, 1 when one fails, 2 when the file is wrong or nothing ran, 3 when a case is an error, 4 when one is not decided.",
            "model-migrate run-suite --smoke --model openai:gpt-4.1@https://api.openai.com/v1",
            "model-migrate run-suite --config suites.yaml --model gpt-4.1 --tier pr --junit suites.xml",
            "model-migrate run-suite -c samples/suites/contract.yaml --url http://127.0.0.1:8080",
            "model-migrate run-suite -c suites.yaml --level unit,integration --tag json --json")
            { own._file, own._smoke, own._model, own._source, own._models, own._url, own._level, own._tag, own._tier, own._concurrency, own._failOnFlaky, own._junit, own._markdown, own._github }
            .Runs(terminal, own.RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        var parsed = context.Parsed;
        var problems = new List<string>();
        var filter = new SuiteFilter
        {
            Levels = [.. Words(parsed.GetValue(_level)).Select(word => Of<SuiteLevel>("--level", word, SuiteWords.Of, problems)).OfType<SuiteLevel>()],
            Tags = [.. Words(parsed.GetValue(_tag))],
            Tier = parsed.GetValue(_tier) is { } tier ? Of<SuiteTier>("--tier", tier, SuiteWords.Of, problems) : null,
        };
        var isFileNamed = parsed.GetResult(_file) is { Implicit: false };
        return new SuiteFlow(context, new SuiteOptions
        {
            File = isFileNamed || !parsed.GetValue(_smoke) ? parsed.GetValue(_file) : null,
            Smoke = parsed.GetValue(_smoke),
            Model = parsed.GetValue(_model),
            Source = parsed.GetValue(_source),
            Models = parsed.GetValue(_models),
            Url = Url(parsed.GetValue(_url), problems),
            Filter = filter,
            Concurrency = parsed.GetValue(_concurrency),
            FailsOnFlaky = parsed.GetValue(_failOnFlaky),
            JUnit = parsed.GetValue(_junit),
            Markdown = parsed.GetValue(_markdown),
            GitHub = parsed.GetValue(_github),
        }).RunAsync(problems);
    }

    private static IEnumerable<string> Words(string[]? given) => (given ?? []).SelectMany(static text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static Uri? Url(string? written, List<string> problems)
    {
        if (written is null || ServerAddress.Of(written) is not null)
        {
            return written is null ? null : new Uri(written);
        }

        problems.Add("--url is a plain http or https address, for example http://127.0.0.1:8080. A key stands in a header of the request.");
        return null;
    }

    private static T? Of<T>(string option, string word, Func<T, string> name, List<string> problems)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (name(value) == word)
            {
                return value;
            }
        }

        problems.Add($"{option}: '{word}' is none; write {string.Join(", ", Enum.GetValues<T>().Select(name))}.");
        return null;
    }
}
