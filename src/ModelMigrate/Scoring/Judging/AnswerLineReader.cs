using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging.Pairs;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Scoring.Judging;

/// <summary>Reads lines of answers. Collects everything that is wrong with each.</summary>
/// <param name="isPairwise">Whether every line needs the answers of both arms.</param>
internal sealed class AnswerLineReader(bool isPairwise)
{
    private static readonly string[] s_arms = ["source", "target", "prediction"];
    private static readonly string[] s_names = ["id", "prompt", "messages", "reference", "source", "target", "prediction", "human", "human_source", "human_target", "error"];

    private readonly List<string> _problems = [];

    /// <summary>The line; or null and what is wrong with it.</summary>
    public AnswerLine? TryRead(long number, ReadOnlyMemory<byte> text, out string wrong)
    {
        _problems.Clear();
        AnswerLine? line = null;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                line = Read(number, json.RootElement);
            }
            else
            {
                _problems.Add("it is not a JSON object; write one object a line, beginning with {\"prompt\":.");
            }
        }
        catch (JsonException broken)
        {
            _problems.Add($"it is not JSON from its byte {(broken.BytePositionInLine ?? 0) + 1} on; write one whole JSON object a line.");
        }
        catch (Exception broken) when (broken is InvalidOperationException or DecoderFallbackException)
        {
            _problems.Add("a text in it is not Unicode: bytes that are no UTF-8, or half of a surrogate pair; write it whole.");
        }

        wrong = string.Join(' ', _problems);
        return _problems.Count == 0 ? line : null;
    }

    private AnswerLine Read(long number, JsonElement line)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in line.EnumerateObject())
        {
            if (!fields.TryAdd(field.Name, field.Value))
            {
                _problems.Add($"{field.Name} stands twice; keep one.");
            }
        }

        string? prompt = Text("prompt") ?? Text("messages"), error = Text("error");
        if (prompt is null)
        {
            _problems.Add($"prompt is missing; write \"prompt\":\"What is the capital of France?\", or the request's \"messages\".{Near("prompt")}");
        }

        var answers = s_arms.Where(arm => Text(arm) is not null).ToDictionary(static arm => arm, arm => Text(arm)!, StringComparer.Ordinal);
        foreach (var arm in isPairwise ? s_arms.Take(2).Where(arm => !fields.ContainsKey(arm) && error is null) : [])
        {
            _problems.Add($"{arm} is missing; write \"{arm}\":\"Paris.\", the answer of that model.{Near(arm)}");
        }

        if (!isPairwise && error is null && !s_arms.Any(fields.ContainsKey))
        {
            _problems.Add("there is no answer; write \"prediction\":\"Paris.\", or \"source\" and \"target\".");
        }

        return new AnswerLine(
            Name(number), prompt ?? "", Text("reference"), answers, isPairwise ? Preferences() : [], isPairwise ? new Dictionary<string, double>(StringComparer.Ordinal) : Grades(),
            error ?? (isPairwise && answers.Count(answer => answer.Key != "prediction") < 2 ? "There is no answer of one of the models." : answers.Count == 0 ? "There is no answer." : null));

        string? Text(string name) => !fields.TryGetValue(name, out var value) || value.ValueKind is JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

        string Name(long at)
        {
            if (!fields.TryGetValue("id", out var id) || id.ValueKind == JsonValueKind.Null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"\"line\":{at}");
            }

            if (id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                _problems.Add("id is neither text nor a number; write \"id\":\"q17\", or leave it out.");
            }

            return $"\"id\":{id.GetRawText()}";
        }

        string Near(string name) => fields.Keys.FirstOrDefault(other => Array.IndexOf(s_names, other) < 0 && NearestName.Of(other, s_names) == name) is { } near ? $" Is it {near}?" : "";

        List<Preference> Preferences()
        {
            var people = new List<Preference>();
            var human = fields.GetValueOrDefault("human");
            foreach (var word in human.ValueKind == JsonValueKind.Array ? [.. human.EnumerateArray()] : human.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? Array.Empty<JsonElement>() : [human])
            {
                Preference? said = word.ValueKind != JsonValueKind.String ? null : word.GetString() switch
                {
                    "source" => Preference.Source,
                    "target" => Preference.Target,
                    "tie" => Preference.Tie,
                    _ => null,
                };
                if (said is { } known)
                {
                    people.Add(known);
                }
                else
                {
                    _problems.Add("human is none of source, target and tie; write \"human\":\"target\", or \"human\":[\"target\",\"tie\"] of several people.");
                    break;
                }
            }

            return people;
        }

        Dictionary<string, double> Grades()
        {
            var grades = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (name, arm) in ((string, string)[])[("human", "prediction"), ("human_source", "source"), ("human_target", "target")])
            {
                if (!fields.TryGetValue(name, out var grade) || grade.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                if (grade.ValueKind == JsonValueKind.Number && grade.TryGetDouble(out var number) && double.IsFinite(number))
                {
                    grades[arm] = number;
                }
                else
                {
                    _problems.Add($"{name} is no number; write \"{name}\":4, a person's grade of the answer {arm}.");
                }
            }

            return grades;
        }
    }
}
