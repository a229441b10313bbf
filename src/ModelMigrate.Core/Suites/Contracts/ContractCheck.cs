using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Suites.Contracts;

/// <summary>Holds an answer against what was expected. Places in a document are JSON pointers (RFC 6901).</summary>
public static class ContractCheck
{
    private const int MostPlaces = 5;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>Everything that the answer is not; empty when it is all that was expected.</summary>
    public static IReadOnlyList<string> Faults(ContractExpectation expected, ContractAnswer answer)
    {
        var faults = new List<string>();
        if (!expected.Status.Any(range => answer.Status >= range.Low && answer.Status <= range.High))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"The status is {answer.Status}, not {string.Join(" or ", expected.Status.Select(Words))}."));
        }

        foreach (var (name, text) in expected.Headers)
        {
            if (!answer.Headers.TryGetValue(name, out var value))
            {
                faults.Add($"The header {name} is missing.");
            }
            else if (text is not null && !value.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                faults.Add($"The header {name} is '{MapReader.Shown(value)}', in which is no '{text}'.");
            }
        }

        if (expected.Schema is { } schema && Document("The body", schema, answer.Body) is { } wrong)
        {
            faults.Add(wrong);
        }

        if (expected.Events is { } events)
        {
            Events(events, answer, faults);
        }

        return faults;
    }

    private static void Events(EventExpectation expected, ContractAnswer answer, List<string> faults)
    {
        var events = answer.Events;
        if (events.Count < expected.Least)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{events.Count} events came, and {expected.Least} are the least."));
        }

        var last = events.Count > 0 ? events[^1] : ("", "");
        if (expected.LastData is { } data && last.Item2 != data)
        {
            faults.Add($"The data of the last event is '{MapReader.Shown(last.Item2)}', not '{data}'.");
        }

        if (expected.LastName is { } name && last.Item1 != name)
        {
            faults.Add($"The last event is '{MapReader.Shown(last.Item1)}', not '{name}'.");
        }

        foreach (var missing in expected.Named.Keys.Where(wanted => events.All(each => each.Name != wanted)))
        {
            faults.Add($"No event '{missing}' came.");
        }

        for (var i = 0; i < events.Count && faults.Count < MostPlaces; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"Event {i + 1} ({events[i].Name})");
            var isEnd = i == events.Count - 1 && expected.LastData == events[i].Data;
            var schemas = new[] { isEnd ? null : expected.Schema, expected.Named.GetValueOrDefault(events[i].Name) };
            faults.AddRange(schemas.OfType<JsonSchema>().Select(schema => Document(place, schema, events[i].Data)).OfType<string>());
        }
    }

    private static string? Document(string what, JsonSchema schema, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, s_options);
            var errors = schema.Validate(json.RootElement);
            return errors.Count == 0
                ? null
                : $"{what} breaks its schema: {string.Join("; ", errors.Take(MostPlaces).Select(static error => error.ToString()))}{(errors.Count > MostPlaces ? string.Create(CultureInfo.InvariantCulture, $"; and {errors.Count - MostPlaces} more") : "")}.";
        }
        catch (JsonException broken)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{what} is not JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
    }

    private static string Words((int Low, int High) range) => range.Low == range.High ? range.Low.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{range.Low / 100}xx");
}
