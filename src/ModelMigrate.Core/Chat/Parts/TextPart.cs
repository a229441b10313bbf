using System.Text.Json;

namespace ModelMigrate.Core.Chat.Parts;

/// <summary>Plain text. A long one of a request stays as it stands there until somebody wants the string.</summary>
public sealed record TextPart : ChatPart
{
    private readonly JsonText? _standing;
    private string? _text;

    public TextPart(string text) => _text = text;

    public TextPart(JsonText standing) => _standing = standing;

    public string Text => _text ??= _standing!.ToString();

    public bool IsEmpty => _standing?.Bytes.IsEmpty ?? _text!.Length == 0;

    /// <summary>Writes it as a string value.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (_standing is { } standing)
        {
            standing.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(_text);
        }
    }

    /// <summary>Writes it as a member of an object.</summary>
    public void WriteTo(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WritePropertyName(name);
        WriteTo(json);
    }

    public bool Equals(TextPart? other) => base.Equals(other) && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Text);
}
