using System.Globalization;
using System.Security.Cryptography;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Metrics;

/// <summary>
/// The metric <c>command</c>: a program of one's own scores. It is started without a shell, with nothing in its environment but <c>PATH</c>, and reads cases
/// from standard input and answers on standard output, an object of JSON a line. It keeps running, for what scores often loads a model first.
/// </summary>
public static class CommandMetric
{
    public const string Id = "command";

    private const string Run = "run";
    private const string Limit = "timeout";

    /// <summary>The row. Range and direction are what the parameters say, so it is made of them; wrong ones are told when the metric is made of the row.</summary>
    /// <param name="pool">Where the program runs; it must live as long as scores are asked for.</param>
    /// <param name="given">The parameters that the metric will be made with.</param>
    public static MetricDefinition Row(CommandPool pool, IReadOnlyDictionary<string, string> given) => new()
    {
        Id = Id,
        Summary = "What a program of your own says: a case as JSON in, its score as JSON out.",
        Need = MetricNeed.Prediction,
        Low = Number(given, "low", 0),
        High = Number(given, "high", 1),
        Direction = given.GetValueOrDefault("better") switch { "lower" => MetricDirection.LowerIsBetter, "neither" => MetricDirection.Neither, _ => MetricDirection.HigherIsBetter },
        Parameters =
        [
            MetricParameter.Text(Run, otherwise: null, "the command line, for example run='python3 score.py'; no shell reads it"),
            MetricParameter.Text(Limit, "10s", "how long one case may take, the start of the program with it"),
            MetricParameter.Number("low", 0, -1e12, 1e12, "the smallest score"),
            MetricParameter.Number("high", 1, -1e12, 1e12, "the largest score"),
            MetricParameter.Word("better", "which way it improves", "higher", "lower", "neither"),
        ],
        Note = given.TryGetValue(Run, out var run) ? Files(pool, CommandWords.TryRead(run) ?? []) : "",
        Create = arguments => Scorer(pool, arguments),
    };

    private static CommandScorer Scorer(CommandPool pool, MetricArguments arguments)
    {
        var words = CommandWords.TryRead(arguments.Text(Run));
        var program = words is null ? null : pool.Find(words[0]);
        if (words is null)
        {
            arguments.Problems.Add("run is no command line: it is empty, or a quote is not closed; write for example run='python3 score.py'.");
        }
        else if (program is null)
        {
            arguments.Problems.Add($"run: there is no program {words[0]} in PATH or at that path; name one that is installed, or ./its/path.");
        }

        if (!Quantity.TryDuration(arguments.Text(Limit), out var limit) || limit < TimeSpan.FromMilliseconds(1) || limit > TimeSpan.FromHours(1))
        {
            arguments.Problems.Add($"timeout={arguments.Text(Limit)} is no duration from 1ms to 1h; write for example timeout=10s.");
        }

        var (low, high) = (arguments.Number("low"), arguments.Number("high"));
        if (low >= high)
        {
            arguments.Problems.Add(string.Create(CultureInfo.InvariantCulture, $"low={low} is not below high={high}; write for example low=0 high=1."));
        }

        return new CommandScorer(pool, program is null ? [] : [program, .. words!.Skip(1)], limit, low, high);
    }

    /// <summary>What the signature says of each file that the command line names: a changed script is another metric.</summary>
    private static string Files(CommandPool pool, IReadOnlyList<string> words) => string.Join('|', words.Skip(words.Count > 0 && words[0].Contains('/', StringComparison.Ordinal) ? 0 : 1).Select(pool.In).Where(File.Exists)
        .Select(static file => $"{Path.GetFileName(file)}:sha256-{Hash(file)}"));

    private static string Hash(string file)
    {
        try
        {
            using var bytes = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }

    private static double Number(IReadOnlyDictionary<string, string> given, string name, double otherwise) =>
        given.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
