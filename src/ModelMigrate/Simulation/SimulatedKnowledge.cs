using System.Text.Json;

namespace ModelMigrate.Simulation;

/// <summary>
/// Questions that a simulated model was asked before, with their answers: it knows each with the same chance, by its seed, and says another's answer to the
/// others. The same question always gets the same answer, so that a model of known quality is the same one in every run.
/// </summary>
/// <param name="answers">Question → answer.</param>
/// <param name="accuracy">The chance that it knows one, 0 to 1.</param>
internal sealed class SimulatedKnowledge(IReadOnlyDictionary<string, string> answers, double accuracy)
{
    private readonly string[] _all = [.. answers.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What is said to a request, or null when its last message is none of the questions.</summary>
    public string? Answer(ulong seed, ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return Question(json.RootElement) is { } question && answers.TryGetValue(question, out var right) ? Said(seed, question, right) : null;
    }

    /// <summary>Right with the chance of <c>accuracy</c>, drawn from seed and question alone.</summary>
    public string Said(ulong seed, string question, string right)
    {
        var draw = SeededHash.Mix(SeededHash.Mix(seed, 77), SeededHash.Of(System.Text.Encoding.UTF8.GetBytes(question)));
        if (SeededHash.Uniform(draw) < accuracy)
        {
            return right;
        }

        var other = _all[(int)(SeededHash.Mix(draw) % (ulong)_all.Length)];
        return other == right ? "I do not know." : other;
    }

    private static string? Question(JsonElement root)
    {
        if (!root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0
            || !messages[messages.GetArrayLength() - 1].TryGetProperty("content", out var content))
        {
            return null;
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString(),
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(static part => part.TryGetProperty("text", out var text) ? text.GetString() : "")),
            _ => null,
        };
    }
}
