using System.Text.Json;

namespace ModelMigrate.Core.Chat.Parts;

/// <summary>A document: by its bytes, or as plain text.</summary>
public sealed record DocumentPart : ChatPart
{
    /// <summary>For example <c>application/pdf</c>; with <see cref="Data"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>The bytes in base64, or null when <see cref="Text"/> holds it.</summary>
    public JsonText? Data { get; init; }

    public JsonText? Text { get; init; }

    /// <summary>Its name, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Writes its <see cref="Text"/> below its title, as a member of an object: for protocols that know no document of plain text.</summary>
    public void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WritePropertyName(name);
        Text!.WriteTo(json, Title is null ? "" : Title + "\n\n");
    }
}
