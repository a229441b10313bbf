using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Evaluating.Existing;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary><c>compare</c>: is the target as good as the source on a data set, by metrics with margins?</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Option<string>("--source") { Description = "The model that users have: one of the configuration's, or openai:NAME@URL (also anthropic, gemini). Of files: which run.", HelpName = "MODEL" };
        var target = new Option<string>("--target") { Description = "The model that they would get.", HelpName = "MODEL" };
        var dataset = new Option<string>("--dataset", "-d") { Description = "Rows in JSONL, CSV, TSV, YAML or JSON, or a folder of them.", HelpName = "FILE" };
        var metrics = new Option<string>("--metrics", "--metric") { Description = "Ids, with commas between; score --list names them all. Of files: of theirs.", HelpName = "IDS" };
        var margin = new Option<string[]>("--margin")
        {
            Description = $"How much worse is good enough: {MarginText.Examples}; for one metric, exact=0.02. Default: {MetricChoice.UsualMargin.ToString(CultureInfo.InvariantCulture)} for metrics between 0 and 1; others are shown and gate nothing.",
            HelpName = "[ID=]MARGIN",
        };
        var parameters = new Option<string[]>("--param", "-p") { Description = "A parameter of a metric: bleu.smooth=none.", HelpName = "ID.NAME=VALUE" };
        var map = new Option<string?>("--map") { Description = "Which columns are read: prompt=question,reference=answer.", HelpName = "FIELD=COLUMN,…" };
        var filter = new Option<string[]>("--filter") { Description = "Only rows with tag=…, cluster=… or id=…. To look around: a part is never judged.", HelpName = "FIELD=VALUE" };
        var limit = new Option<long?>("--limit") { Description = "Only the first rows. To look around: a part is never judged.", HelpName = "N" };
        var system = new Option<string?>("--system") { Description = "Instructions to both models.", HelpName = "TEXT" };
        var temperature = new Option<double?>("--temperature") { Description = "0 to 2. Default: the models' own.", HelpName = "T" };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "The longest answer. Default: the models' own.", HelpName = "N" };
        var repeats = new Option<int>("--repeats") { Description = "How often each row is asked; repeats of a row count as one case. Default: 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var concurrency = new Option<int>("--concurrency") { Description = "Calls of each model under way at once, at most. Default: 8.", HelpName = "N", DefaultValueFactory = _ => 8 };
        var budget = new Option<decimal?>("--budget") { Description = "US dollars that the comparison may cost at most, all its runs together.", HelpName = "USD" };
        var judge = new Option<string?>("--judge") { Description = "The model that grades by the metrics rubric and preference.", HelpName = "MODEL" };
        var sameFamily = new Option<bool>("--allow-same-family") { Description = "Let a judge grade answers of its own family." };
        var gradingBudget = new Option<decimal?>("--grading-budget") { Description = "US dollars that judges may cost at most, apart from --budget.", HelpName = "USD" };
        Within(repeats, 1, 1000);
        Within(concurrency, 1, 256);
        var flow = new FlowArguments();
        var existing = new FileArguments();
        var command = new Verb("compare", "Ask both models every row, or read files of other tools, and judge pair by pair whether the target is as good. Exits 0 pass, 1 fail, 2 wrong or not judged, 3 a model or disk failed, 4 inconclusive.",
            "model-migrate compare --source old --target new --dataset questions.jsonl --metrics exact,f1_squad --margin 5pp",
            "model-migrate compare --source openai:a@http://127.0.0.1:9001/v1 --target openai:b@http://127.0.0.1:9002/v1 -d qa.csv --map prompt=question,reference=answer --metrics exact --json",
            "model-migrate compare --source old --target new -d qa.jsonl --metrics exact,preference --judge gemini-2.5-pro --grading-budget 2",
            "model-migrate compare old/results.json new/results.json --margin 5pp",
            "model-migrate compare results.json --source gpt-4.1 --target gpt-5-mini --metrics pass,accuracy")
        {
            SharedOptions.Config, source, target, dataset, metrics, margin, parameters, map, filter, limit, system, temperature, maxTokens, repeats, concurrency, budget, judge, sameFamily, gradingBudget,
        };
        flow.AddTo(command);
        existing.AddTo(command, needed: [source, target, dataset, metrics], shared: [SharedOptions.Json, source, target, metrics, margin, flow.Folder]);
        return command.Runs(terminal, async context =>
        {
            var problems = new List<string>();
            var parsed = context.Parsed;
            if (existing.Files(parsed) is { Count: > 0 } files)
            {
                var request = existing.Request(parsed, parsed.GetValue(metrics), parsed.GetValue(margin) ?? [], problems);
                var folder = parsed.GetResult(flow.Folder) is { Implicit: false } ? parsed.GetValue(flow.Folder) : null;
                return await new FileComparison(context, parsed.GetValue(source), parsed.GetValue(target), folder).RunAsync(files, request, problems);
            }

            var config = new EvaluationConfig
            {
                Source = parsed.GetValue(source)!,
                Target = parsed.GetValue(target)!,
                Dataset = parsed.GetValue(dataset)!,
                Metrics = Metrics(parsed.GetValue(metrics)!, parsed.GetValue(margin) ?? [], parsed.GetValue(parameters) ?? [], problems),
                Map = [.. Pairs(parsed.GetValue(map))],
                Filter = parsed.GetValue(filter) ?? [],
                Limit = parsed.GetValue(limit),
                System = parsed.GetValue(system),
                Temperature = parsed.GetValue(temperature),
                MaxTokens = parsed.GetValue(maxTokens),
                Repeats = parsed.GetValue(repeats),
                Concurrency = parsed.GetValue(concurrency),
                Budget = parsed.GetValue(budget),
                Judge = parsed.GetValue(judge),
                AllowsSameFamily = parsed.GetValue(sameFamily),
                GradingBudget = parsed.GetValue(gradingBudget),
            };
            Bounds(config, problems);
            return await new EvaluationFlow(context, config, flow.Of(context, parsed.GetValue(SharedOptions.Config)!)).RunAsync(problems);
        });
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string? map) => (map ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static part =>
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? KeyValuePair.Create(part, "") : KeyValuePair.Create(part[..equals].Trim(), part[(equals + 1)..].Trim());
    });

    private static void Bounds(EvaluationConfig config, List<string> problems)
    {
        if (config.Limit is <= 0)
        {
            problems.Add("--limit is a number of rows from 1 on.");
        }

        if (config.Temperature is < 0 or > 2)
        {
            problems.Add("--temperature is a number from 0 to 2, for example 0.");
        }

        if (config.MaxTokens is <= 0)
        {
            problems.Add("--max-tokens is a number of tokens from 1 on, for example 256.");
        }

        if (config.Budget is <= 0)
        {
            problems.Add("--budget is an amount of US dollars above 0, for example 2.5.");
        }

        if (config.GradingBudget is <= 0)
        {
            problems.Add("--grading-budget is an amount of US dollars above 0, for example 2.5.");
        }
    }

    private static List<EvaluationMetricConfig> Metrics(string ids, IReadOnlyList<string> margins, IReadOnlyList<string> parameters, List<string> problems)
    {
        var metrics = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static id => new EvaluationMetricConfig(id, "--metrics")).ToList();
        if (metrics.Count == 0)
        {
            problems.Add("--metrics names none; write for example exact,f1_squad.");
        }

        foreach (var text in margins)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var id = equals < 0 ? null : text[..equals];
            if (!MarginText.TryParse(text[(equals + 1)..], out var margin, out var isRelative))
            {
                problems.Add($"--margin: '{text[(equals + 1)..]}' is no margin; write {MarginText.Examples}.");
            }
            else if (!Change(metrics, id, metric => metric with { Margin = margin, IsRelative = isRelative }))
            {
                problems.Add($"--margin: {id} is none of the metrics; they are {string.Join(", ", metrics.Select(static metric => metric.Id))}.");
            }
        }

        foreach (var text in parameters)
        {
            var (dot, equals) = (text.IndexOf('.', StringComparison.Ordinal), text.IndexOf('=', StringComparison.Ordinal));
            if (dot < 1 || equals < dot + 2)
            {
                problems.Add($"--param: '{text}' is no parameter of a metric; write ID.NAME=VALUE, for example bleu.smooth=none.");
            }
            else if (!Change(metrics, text[..dot], metric => metric with
            {
                Parameters = new Dictionary<string, string>(metric.Parameters, StringComparer.Ordinal) { [text[(dot + 1)..equals]] = text[(equals + 1)..] },
            }))
            {
                problems.Add($"--param: {text[..dot]} is none of the metrics; they are {string.Join(", ", metrics.Select(static metric => metric.Id))}.");
            }
        }

        return metrics;
    }

    /// <summary>Changes one metric, or all of them for null; false when there is none of that id.</summary>
    private static bool Change(List<EvaluationMetricConfig> metrics, string? id, Func<EvaluationMetricConfig, EvaluationMetricConfig> change)
    {
        var isFound = false;
        for (var i = 0; i < metrics.Count; i++)
        {
            if (id is null || metrics[i].Id == id)
            {
                (metrics[i], isFound) = (change(metrics[i]), true);
            }
        }

        return isFound;
    }

    private static void Within(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (!result.Errors.Any() && result.GetValueOrDefault<int>() is var number && (number < least || number > most))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is a number from {least} to {most}."));
        }
    });
}
