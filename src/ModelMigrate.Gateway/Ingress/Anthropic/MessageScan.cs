using System.Text.Json;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>What a scan over <c>messages</c> finds: the first user text, state of other models, and the first thing that cannot be translated.</summary>
internal struct MessageScan
{
    public bool IsPresent { get; private set; }

    public ReadOnlyMemory<byte> FirstUser { get; private set; }

    public string? Untranslatable { get; private set; }

    /// <summary>Whether a message shows a picture.</summary>
    public bool HasImages { get; private set; }

    /// <summary>Whether a block holds state that we had handed out, tagged with its origin.</summary>
    public bool HoldsState { get; private set; }

    /// <summary>Whether a block holds state without an origin: a signature, or redacted thinking.</summary>
    public bool HoldsRawState { get; private set; }

    /// <summary>Scans the array that the reader stands on; false when it is none.</summary>
    public bool Scan(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        IsPresent = true;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var areObjects = true;
        while (JsonWalk.NextObject(ref json, ref areObjects))
        {
            ScanMessage(ref json, body);
        }

        return areObjects;
    }

    private void ScanMessage(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        var (isUser, isAssistant, isKnown, hasForeign) = (false, false, false, false);
        ReadOnlyMemory<byte> text = default;
        while (JsonWalk.NextName(ref json))
        {
            if (json.ValueTextEquals("role"u8))
            {
                json.Read();
                isUser = json.TokenType == JsonTokenType.String && json.ValueTextEquals("user"u8);
                isAssistant = json.TokenType == JsonTokenType.String && json.ValueTextEquals("assistant"u8);
                isKnown = isUser || isAssistant || (json.TokenType == JsonTokenType.String && json.ValueTextEquals("system"u8));
                json.Skip();
            }
            else if (json.ValueTextEquals("content"u8))
            {
                json.Read();
                text = ScanContent(ref json, body, ref hasForeign);
            }
            else
            {
                json.Skip();
            }
        }

        // What the provider's own tools left in an answer is history and can be left out; what the user sends cannot.
        Untranslatable ??= !isKnown ? "messages.role" : hasForeign && !isAssistant ? "messages.content" : null;
        FirstUser = isUser && FirstUser.IsEmpty ? text : FirstUser;
    }

    private ReadOnlyMemory<byte> ScanContent(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, ref bool hasForeign)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            var text = BodyProblems.TextOf(ref json, body);
            json.Skip();
            return text;
        }

        // The blocks' own JSON serves as key text: it is as stable as their texts.
        var start = (int)json.TokenStartIndex;
        while (JsonWalk.NextObject(ref json))
        {
            ScanBlock(ref json, body, ref hasForeign);
        }

        return body[start..(int)json.BytesConsumed];
    }

    private void ScanBlock(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, ref bool hasForeign)
    {
        var isDocument = false;
        var source = Source.None;
        while (JsonWalk.NextName(ref json))
        {
            var isType = json.ValueTextEquals("type"u8);
            var isSource = json.ValueTextEquals("source"u8);
            var isContent = json.ValueTextEquals("content"u8);
            var isState = json.ValueTextEquals("signature"u8) || json.ValueTextEquals("data"u8);
            json.Read();
            if (isType)
            {
                HasImages |= json.TokenType == JsonTokenType.String && json.ValueTextEquals("image"u8);
                isDocument = json.TokenType == JsonTokenType.String && json.ValueTextEquals("document"u8);
                hasForeign |= !IsCarried(ref json);
            }
            else if (isState && json.TokenType == JsonTokenType.String)
            {
                HoldsState |= OpaqueState.IsTagged(json.ValueSpan);
                HoldsRawState |= !json.ValueSpan.IsEmpty && !OpaqueState.IsTagged(json.ValueSpan);
            }
            else if (isContent && json.TokenType == JsonTokenType.StartArray)
            {
                // A tool's result.
                ScanContent(ref json, body, ref hasForeign);
                continue;
            }
            else if (isSource && json.TokenType == JsonTokenType.StartObject)
            {
                source = ScanSource(ref json);
                continue;
            }

            json.Skip();
        }

        hasForeign |= source == Source.Other || (source == Source.Url && isDocument);
    }

    private static bool IsCarried(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String
        && (json.ValueTextEquals("text"u8) || json.ValueTextEquals("image"u8) || json.ValueTextEquals("document"u8) || json.ValueTextEquals("tool_use"u8)
            || json.ValueTextEquals("tool_result"u8) || json.ValueTextEquals("thinking"u8) || json.ValueTextEquals("redacted_thinking"u8));

    /// <summary>Bytes and text can be sent anywhere; a file that only its provider holds cannot.</summary>
    private static Source ScanSource(ref Utf8JsonReader json)
    {
        var source = Source.None;
        while (JsonWalk.NextName(ref json))
        {
            var isType = json.ValueTextEquals("type"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
            {
                source = json.ValueTextEquals("base64"u8) || json.ValueTextEquals("text"u8) ? Source.Here : json.ValueTextEquals("url"u8) ? Source.Url : Source.Other;
            }

            json.Skip();
        }

        return source;
    }

    private enum Source
    {
        None,
        Here,
        Url,
        Other,
    }
}
