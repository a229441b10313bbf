using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Writes system and messages. The protocol wants all results of one turn's tool calls in the one message that follows it.</summary>
internal sealed class AnthropicMessageWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes) : TurnWriter(json, changes)
{
    private readonly AnthropicPartWriter _parts = new(json, model, changes);

    protected override bool IsWritten(ChatPart part) => _parts.IsWritten(part);

    protected override void WriteTurn(ChatTurn turn)
    {
        foreach (var part in turn.Parts)
        {
            _parts.Write(part);
        }
    }

    protected override void WriteSystem(List<TextPart> texts)
    {
        if (texts is [{ Cache: null } only])
        {
            only.WriteTo(Json, "system"u8);
            return;
        }

        Json.WriteStartArray("system"u8);
        texts.ForEach(_parts.Write);
        Json.WriteEndArray();
    }
}
