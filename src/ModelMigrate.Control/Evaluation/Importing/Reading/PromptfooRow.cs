using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>One row of promptfoo's results.</summary>
internal sealed class PromptfooRow
{
    public const string Pass = "pass";
    public const string Score = "score";
    public const string Latency = "latency_ms";
    public const string Cost = "cost";

    /// <summary>What <c>failureReason</c> says of a row without a judged answer; 1 is a failed assertion.</summary>
    private const int FailedByError = 2;

    /// <summary>A cost above is none.</summary>
    private const double MostDollars = 1e12;

    private readonly JsonElement _row;

    public PromptfooRow(JsonElement row)
    {
        _row = row;
        ProviderId = row.Text("provider", "id") ?? row.Text("provider") ?? "";
        Provider = row.Text("provider", "label") is { Length: > 0 } label ? label : ProviderId;
        // The error field is also filled for failed assertions; an older row without a reason is an error when nothing was answered.
        IsError = row.At("failureReason").Score() is { } reason ? reason == FailedByError : row.At("error") is { ValueKind: JsonValueKind.String } && row.At("response", "output") is null;
        Named = IsError ? [] : [.. row.At("namedScores").Members().Select(static member => KeyValuePair.Create(Name(member.Name), ((JsonElement?)member.Value).Score()))];
    }

    /// <summary>The label, else the id; a label may be empty.</summary>
    public string Provider { get; }

    public string ProviderId { get; }

    public bool IsError { get; }

    public IReadOnlyList<KeyValuePair<string, double?>> Named { get; }

    public double? Total => IsError ? null : _row.At("score").Score();

    public double PromptNumber => _row.At("promptIdx").Score() ?? double.MaxValue;

    /// <summary>Of the template, which two providers share; of a row that names none the rendered text.</summary>
    public string Prompt => _row.Text("promptId") ?? _row.At("prompt", "raw").Shown() ?? _row.At("prompt").Shown() ?? "";

    public decimal? Dollars => _row.At("cost").Score() is { } cost and >= 0 and < MostDollars ? (decimal)cost : null;

    public long Tokens(string kind) => _row.At("tokenUsage", kind).Score() is { } tokens ? (long)tokens : 0;

    public ImportedCase Case(bool namesPrompt)
    {
        var scores = new Dictionary<string, double?>(StringComparer.Ordinal)
        {
            [Pass] = IsError ? null : _row.At("success").Score(),
            [Score] = Total,
            // How long a cache takes says nothing of the model.
            [Latency] = IsError || _row.At("response", "cached") is { ValueKind: JsonValueKind.True } ? null : _row.At("latencyMs").Score(),
            [Cost] = IsError ? null : _row.At("cost").Score(),
        };
        foreach (var (name, score) in Named)
        {
            scores[name] = score;
        }

        var test = _row.Text("testCase", "description") is { Length: > 0 } description ? description
            : string.Create(CultureInfo.InvariantCulture, $"test {(_row.At("testIdx").Score() ?? 0) + 1}");
        return new ImportedCase
        {
            // What promptfoo itself adds while it runs is not what was asked.
            Subject = Print.Of(Print.Canonical(_row.At("vars"), "_conversation", "sessionId")),
            Checks = Print.Of(Print.Canonical(_row.At("testCase", "assert")), Print.Canonical(_row.At("testCase", "threshold"))),
            Prompt = Prompt,
            Name = namesPrompt ? $"{test}, prompt {_row.Text("prompt", "label") ?? Prompt}" : test,
            Scores = scores,
            IsError = IsError,
            Asked = _row.At("prompt", "raw").Shown(),
            Answer = _row.At("response", "output").Shown(),
        };
    }

    /// <summary>A name of somebody's own that is one of ours is told from it.</summary>
    private static string Name(string name) => name is Pass or Score or Latency or Cost ? $"named {name}" : name;
}
