using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>Writes <c>samples/qa/questions.jsonl</c>: questions about numbers, days and units whose answers follow from arithmetic. The same seed writes the same file.</summary>
internal static class QuestionWriter
{
    public const int Rows = 500;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string From, string To, int Factor)[] s_units =
    [
        ("metres", "centimetres", 100), ("kilometres", "metres", 1000), ("kilograms", "grams", 1000), ("litres", "millilitres", 1000), ("hours", "minutes", 60),
        ("days", "hours", 24), ("weeks", "days", 7), ("minutes", "seconds", 60), ("dozens", "pieces", 12), ("tonnes", "kilograms", 1000),
    ];

    public static string Write(int seed)
    {
        var random = new Random(seed);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var lines = new List<string>();
        while (lines.Count < Rows)
        {
            var (topic, prompt, reference) = Draw(random, lines.Count % 8);
            if (asked.Add(prompt))
            {
                lines.Add(JsonSerializer.Serialize(new { id = string.Create(CultureInfo.InvariantCulture, $"q{lines.Count + 1:000}"), prompt, reference, tags = new[] { topic } }, s_json));
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    private static (string Topic, string Prompt, string Reference) Draw(Random random, int kind)
    {
        int a = random.Next(12, 990), b = random.Next(3, 99), c = random.Next(2, 13);
        var day = new DateOnly(2000 + random.Next(60), 1, 1).AddDays(random.Next(365));
        var (from, to, factor) = s_units[random.Next(s_units.Length)];
        return kind switch
        {
            0 => ("arithmetic", Text($"What is {a} + {b}? Answer with the number only."), Text($"{a + b}")),
            1 => ("arithmetic", Text($"What is {a} times {c}? Answer with the number only."), Text($"{a * c}")),
            2 => ("arithmetic", Text($"What remains when {a} is divided by {b}? Answer with the number only."), Text($"{a % b}")),
            3 => ("calendar", Text($"Which day of the week is {day:yyyy-MM-dd}? Answer with its English name only."), day.DayOfWeek.ToString()),
            4 => ("calendar", Text($"Which date is {b} days after {day:yyyy-MM-dd}? Answer as YYYY-MM-DD."), Text($"{day.AddDays(b):yyyy-MM-dd}")),
            5 => ("units", Text($"How many {to} are {b} {from}? Answer with the number only."), Text($"{b * factor}")),
            6 => ("numbers", Text($"Write {a} in hexadecimal, in lower case and without a prefix."), Text($"{a:x}")),
            _ => ("numbers", Text($"Which is the largest square number that is not above {a}? Answer with the number only."), Text($"{(int)Math.Sqrt(a) * (int)Math.Sqrt(a)}")),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
