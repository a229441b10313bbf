using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>
/// Makes a row of a file's columns. Recorded requests are rows too: an object with the request under <c>body</c>, or the request itself with its
/// <c>messages</c>.
/// </summary>
internal sealed class RowReader(ColumnMap map, DatasetProblems problems)
{
    /// <summary>The row without number and occurrence, and with an empty id where it has none; null when it is wrong.</summary>
    public DatasetRow? TryRead(RawRow raw)
    {
        var before = problems.Count;
        if (raw.Fields.ValueKind != JsonValueKind.Object)
        {
            problems.Add(raw.File, raw.Line, "the row is no object; write {\"prompt\":\"…\",\"reference\":\"…\"}.");
            return null;
        }

        try
        {
            var row = Row(raw);
            return problems.Count == before ? row : null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or DecoderFallbackException)
        {
            problems.Add(raw.File, raw.Line, "a text in it is not Unicode: bytes that are no UTF-8, or half of a surrogate pair; write it whole.");
            return null;
        }
    }

    private DatasetRow Row(RawRow raw)
    {
        var messages = new MessageReader(raw, problems).Read(Column(raw, "system"), Column(raw, "prompt"), Messages(raw));
        if (messages.Count == 0)
        {
            Missing(raw);
        }

        var references = new List<string>();
        if (Column(raw, "reference") is { } one)
        {
            references.Add(Text(one));
        }

        if (Column(raw, "references") is { } several)
        {
            References(raw, several, references);
        }

        return new DatasetRow
        {
            Number = 0,
            Line = raw.Line,
            Id = Word(raw, "id") ?? "",
            Messages = messages,
            References = references,
            Cluster = Word(raw, "cluster"),
            Tags = Tags(raw),
            Metadata = Column(raw, "metadata")?.GetRawText(),
        };
    }

    private JsonElement? Messages(RawRow raw) => Column(raw, "messages")
        ?? (!map.Has("messages") && Column(raw, "prompt") is null && Find(raw.Fields, "body.messages") is { } recorded ? recorded : null);

    private void Missing(RawRow raw)
    {
        var seen = raw.Fields.EnumerateObject().Select(static field => field.Name).Take(12).ToList();
        var asked = map.Has("prompt") ? $"no column '{map["prompt"]}'" : "no prompt and no messages";
        var near = map.Has("prompt") ? NearestName.Of(map["prompt"], seen) : NearestName.Of("prompt", seen);
        problems.Add(raw.File, raw.Line, seen.Count == 0
            ? $"the row has {asked}; it is empty. Write {{\"prompt\":\"…\"}}."
            : $"the row has {asked}; its columns are {string.Join(", ", seen)}. Write --map prompt={near ?? seen[0]}, or {{\"prompt\":\"…\"}}.");
    }

    private void References(RawRow raw, JsonElement several, List<string> into)
    {
        // A cell of a CSV file holds the array as text.
        var list = several.ValueKind == JsonValueKind.String ? Parsed(several.GetString()!) : several;
        if (list is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() == 0)
        {
            problems.Add(raw.File, raw.Line, $"{map["references"]} is no array with texts in it; write [\"one\",\"another\"], or map reference=COLUMN for one text.");
            return;
        }

        into.AddRange(array.EnumerateArray().Select(Text));
    }

    private string? Word(RawRow raw, string field)
    {
        if (Column(raw, field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Text(value) is { Length: > 0 and <= 200 } word)
        {
            return word;
        }

        problems.Add(raw.File, raw.Line, $"{map[field]} is neither a text of 1 to 200 characters nor a number; write \"q17\", or leave it out.");
        return null;
    }

    private string[] Tags(RawRow raw) => Column(raw, "tags") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Text)],
        { } text => Text(text).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };

    /// <summary>The value of a field's column; null when it is not there, or is null.</summary>
    private JsonElement? Column(RawRow raw, string field) => Find(raw.Fields, map[field]);

    /// <summary>A column by its name, or by a path: <c>answer.choices.0.text</c>.</summary>
    private static JsonElement? Find(JsonElement from, string name)
    {
        if (from.TryGetProperty(name, out var found))
        {
            return found.ValueKind == JsonValueKind.Null ? null : found;
        }

        JsonElement? at = name.Contains('.', StringComparison.Ordinal) ? from : null;
        foreach (var part in at is null ? [] : name.Split('.'))
        {
            at = at switch
            {
                { ValueKind: JsonValueKind.Object } group when group.TryGetProperty(part, out var inner) => inner,
                { ValueKind: JsonValueKind.Array } list when int.TryParse(part, out var index) && index >= 0 && index < list.GetArrayLength() => list[index],
                _ => null,
            };
        }

        return at is { ValueKind: JsonValueKind.Null } ? null : at;
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Text as it is, anything else as its JSON.</summary>
    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
