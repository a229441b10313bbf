using System.Text.Json;

namespace ModelMigrate.Simulation;

/// <summary>Texts to embed or to go on with, and how.</summary>
/// <param name="Texts">A hash of each text, or of each list of tokens.</param>
/// <param name="Prompts">Each as it is echoed; tokens as their numbers.</param>
/// <param name="Choices">Answers for each text.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
/// <param name="IsBase64">Whether vectors are sent as base64 of 32-bit floats.</param>
/// <param name="Echoes">Whether a completion begins with its prompt.</param>
internal sealed record SimulatedInput(IReadOnlyList<ulong> Texts, IReadOnlyList<string> Prompts, int Choices, int Dimensions, bool IsBase64, bool Echoes)
{
    private const int DefaultDimensions = 8;
    private const int MostChoices = 128;

    public static SimulatedInput Of(JsonElement root, JsonElement work, Func<JsonElement, ulong> hash)
    {
        var isList = work.ValueKind == JsonValueKind.Array && work.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Number) && work.GetArrayLength() > 0;
        JsonElement[] texts = isList ? [.. work.EnumerateArray()] : [work];
        return new SimulatedInput(
            [.. texts.Select(hash)], [.. texts.Select(text => text.ValueKind == JsonValueKind.String ? text.GetString()! : text.GetRawText())],
            Math.Min(Number(root, "n") ?? 1, MostChoices), Number(root, "dimensions") ?? DefaultDimensions,
            root.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64"),
            root.TryGetProperty("echo", out var echo) && echo.ValueKind == JsonValueKind.True);
    }

    private static int? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number : null;
}
