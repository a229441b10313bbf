using System.CommandLine;
using System.CommandLine.Parsing;
using ModelMigrate.Control.Evaluation.Importing.Matching;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Evaluating.Existing;

/// <summary>What <c>compare</c> takes for files of other tools, beside what it takes for models.</summary>
internal sealed class FileArguments
{
    private const string UnlikePrompts = "unlike-prompts";
    private const string Limited = "limited";

    private readonly Argument<string[]> _files = new("files")
    {
        Description = "Results of promptfoo, lm-eval, inspect, deepeval or JUnit, instead of models: the source's and the target's, or one that holds both.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _accept = new("--accept")
    {
        Description = $"Of files: {UnlikePrompts}, when each model has its own prompt; {Limited}, to judge a part of a data set as one of its own.", HelpName = "WHAT", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _unpaired = new("--unpaired") { Description = "Of files: compare averages where there are no scores of each case. Never passes." };

    private readonly Option<string[]> _direction = new("--direction")
    {
        Description = "Of files: whether more or less of a metric is better, where they do not say.", HelpName = "ID=higher|lower", AllowMultipleArgumentsPerToken = true,
    };

    public FileArguments() => _accept.AcceptOnlyFromAmong(UnlikePrompts, Limited);

    /// <summary><paramref name="needed"/>: options without which models cannot be asked; <paramref name="shared"/>: those that both kinds have.</summary>
    public void AddTo(Command command, IReadOnlyList<Option> needed, IReadOnlyList<Option> shared)
    {
        command.Add(_files);
        Option[] own = [_accept, _unpaired, _direction];
        foreach (var option in own)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var given = command.Options.Where(option => result.GetResult(option) is { Implicit: false }).ToList();
            if (result.GetResult(_files) is not { Tokens.Count: > 0 })
            {
                Tell(result, needed.Except(given).Select(static option => $"Option '{option.Name}' is required."));
                Tell(result, given.Intersect(own).Select(static option => $"{option.Name} is of files that other tools wrote; name two, or leave it out."));
                return;
            }

            Tell(result, given.Except(shared).Except(own).Select(static option => $"{option.Name} asks models, and files were answered already; leave it or the files out."));
        });
    }

    /// <summary>The files; empty when models are to be asked.</summary>
    public IReadOnlyList<string> Files(ParseResult parsed) => parsed.GetValue(_files) ?? [];

    /// <summary>What is asked of them. <paramref name="metrics"/> and <paramref name="margins"/> as they are written.</summary>
    public PairingRequest Request(ParseResult parsed, string? metrics, IReadOnlyList<string> margins, List<string> problems)
    {
        var accepted = parsed.GetValue(_accept) ?? [];
        var read = new Dictionary<string, (double, bool)>(StringComparer.Ordinal);
        foreach (var text in margins)
        {
            var (id, value) = Split(text);
            if (!MarginText.TryParse(value, out var margin, out var isRelative))
            {
                problems.Add($"--margin: '{value}' is no margin; write {MarginText.Examples}.");
            }
            else if (!read.TryAdd(id, (margin, isRelative)))
            {
                problems.Add($"--margin: {(id.Length == 0 ? "the one of all metrics" : id)} stands twice; keep one.");
            }
        }

        var directions = new Dictionary<string, MetricDirection>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(_direction) ?? [])
        {
            var (id, value) = Split(text);
            if (id.Length == 0 || value is not ("higher" or "lower"))
            {
                problems.Add($"--direction: '{text}' is no direction of a metric; write ID=higher or ID=lower.");
            }
            else
            {
                directions[id] = value == "higher" ? MetricDirection.HigherIsBetter : MetricDirection.LowerIsBetter;
            }
        }

        return new PairingRequest
        {
            Metrics = (metrics ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Margins = read,
            Directions = directions,
            IgnoresPrompts = accepted.Contains(UnlikePrompts),
            TakesParts = accepted.Contains(Limited),
            TakesAverages = parsed.GetValue(_unpaired),
        };
    }

    /// <summary>At the last equals sign: other tools' names may hold one.</summary>
    private static (string Id, string Value) Split(string text) => text.LastIndexOf('=') is var at and >= 0 ? (text[..at], text[(at + 1)..]) : ("", text);

    private static void Tell(CommandResult result, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            result.AddError(problem);
        }
    }
}
