using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Exporting;

/// <summary>What comes of one model's rows. Owned by one export.</summary>
internal sealed class ExportedSums
{
    private readonly SortedDictionary<string, double> _named = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _counts = new(StringComparer.Ordinal);
    private double _score;
    private double _latency;
    private decimal _cost;
    private long _held;
    private long _parts;

    public long Rows { get; private set; }

    public long Passed { get; private set; }

    public long Errors { get; private set; }

    public long Failed => Rows - Passed - Errors;

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public void Add(ExportedRow row, ExportedGrade grade)
    {
        Rows++;
        Passed += grade.Pass ? 1 : 0;
        Errors += grade.IsError ? 1 : 0;
        InputTokens += row.InputTokens;
        OutputTokens += row.OutputTokens;
        _score += grade.Score;
        _latency += row.LatencyMs ?? 0;
        _cost += row.Cost ?? 0;
        if (grade.IsError)
        {
            return;
        }

        _held += grade.Parts.Count(static part => part.Score > 0);
        _parts += grade.Parts.Count;
        foreach (var (name, score) in grade.Named)
        {
            _named[name] = _named.GetValueOrDefault(name) + score;
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
        }
    }

    public void Write(Utf8JsonWriter json, string name, string prompt)
    {
        json.WriteStartObject();
        json.WriteString("id", ResultsJson.PromptId(prompt));
        json.WriteString("raw", prompt);
        json.WriteString("label", prompt);
        json.WriteString("provider", name);
        json.WriteStartObject("metrics");
        json.WriteNumber("score", _score);
        json.WriteNumber("testPassCount", Passed);
        json.WriteNumber("testFailCount", Failed);
        json.WriteNumber("testErrorCount", Errors);
        json.WriteNumber("assertPassCount", _held);
        json.WriteNumber("assertFailCount", _parts - _held);
        json.WriteNumber("totalLatencyMs", Math.Round(_latency));
        ResultsJson.Tokens(json, InputTokens, OutputTokens, Rows - Errors);
        ResultsJson.Scores(json, "namedScores", _named);
        ResultsJson.Scores(json, "namedScoresCount", _counts);
        json.WriteNumber("cost", _cost);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
