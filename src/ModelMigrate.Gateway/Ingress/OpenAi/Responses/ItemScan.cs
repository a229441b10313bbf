using System.Text.Json;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>What a scan over <c>input</c> finds: the first user text, state of other models, and whether something cannot be translated.</summary>
internal struct ItemScan
{
    public ReadOnlyMemory<byte> FirstUser { get; private set; }

    public string? Untranslatable { get; private set; }

    /// <summary>Whether an item holds state that we had handed out, tagged with its origin.</summary>
    public bool HoldsState { get; private set; }

    /// <summary>Whether an item shows a picture: a message's, a tool's result or a screen.</summary>
    public bool HasImages { get; private set; }

    /// <summary>Whether an item holds encrypted content without an origin.</summary>
    public bool HoldsRawState { get; private set; }

    /// <summary>Reads the value that the scan stands on.</summary>
    public void Read(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            scan.Require(json.TokenType is JsonTokenType.String or JsonTokenType.Null, "input", "a string or an array of items");
            FirstUser = BodyProblems.TextOf(ref json, scan.Body);
            return;
        }

        var areObjects = true;
        while (JsonWalk.NextObject(ref json, ref areObjects))
        {
            ReadItem(ref json, scan.Body);
        }

        scan.Require(areObjects, "input", "a string or an array of items");
    }

    private void ReadItem(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        var (isKnown, isMessage, isUser, isSpoken) = (true, true, false, false);
        ReadOnlyMemory<byte> text = default;
        while (JsonWalk.NextName(ref json))
        {
            var field = json.ValueTextEquals("type"u8) ? 't' : json.ValueTextEquals("role"u8) ? 'r' : json.ValueTextEquals("content"u8) ? 'c'
                : json.ValueTextEquals("output"u8) ? 'o' : json.ValueTextEquals("encrypted_content"u8) ? 'e' : ' ';
            json.Read();
            var isText = json.TokenType == JsonTokenType.String;
            switch (field)
            {
                case 't':
                    isMessage = isText && json.ValueTextEquals("message"u8);
                    HasImages |= isText && json.ValueTextEquals("computer_call_output"u8);
                    isKnown = isMessage || (isText && (json.ValueTextEquals("function_call"u8) || json.ValueTextEquals("function_call_output"u8) || json.ValueTextEquals("reasoning"u8)));
                    break;
                case 'r':
                    isUser = isText && json.ValueTextEquals("user"u8);
                    isSpoken = isUser || (isText && (json.ValueTextEquals("assistant"u8) || json.ValueTextEquals("system"u8) || json.ValueTextEquals("developer"u8)));
                    break;
                case 'c' or 'o':
                    text = ReadContent(ref json, body);
                    continue;
                case 'e':
                    HoldsState |= isText && OpaqueState.IsTagged(json.ValueSpan);
                    HoldsRawState |= isText && !json.ValueSpan.IsEmpty && !OpaqueState.IsTagged(json.ValueSpan);
                    break;
            }

            json.Skip();
        }

        Untranslatable ??= isKnown && (isSpoken || !isMessage) ? null : "input";
        FirstUser = isUser && FirstUser.IsEmpty ? text : FirstUser;
    }

    /// <summary>The parts' own JSON serves as key text: it is as stable as their texts.</summary>
    private ReadOnlyMemory<byte> ReadContent(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            var text = BodyProblems.TextOf(ref json, body);
            json.Skip();
            return text;
        }

        var start = (int)json.TokenStartIndex;
        while (JsonWalk.NextObject(ref json))
        {
            while (JsonWalk.NextName(ref json))
            {
                var isType = json.ValueTextEquals("type"u8);
                var isElsewhere = json.ValueTextEquals("file_id"u8) || json.ValueTextEquals("file_url"u8);
                json.Read();
                HasImages |= isType && json.TokenType == JsonTokenType.String && json.ValueTextEquals("input_image"u8);
                Untranslatable ??= (isType && !IsCarried(ref json)) || (isElsewhere && json.TokenType != JsonTokenType.Null) ? "input.content" : null;
                json.Skip();
            }
        }

        return body[start..(int)json.BytesConsumed];
    }

    private static bool IsCarried(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String
        && (json.ValueTextEquals("input_text"u8) || json.ValueTextEquals("output_text"u8) || json.ValueTextEquals("refusal"u8) || json.ValueTextEquals("input_image"u8)
            || json.ValueTextEquals("input_file"u8) || json.ValueTextEquals("reasoning_text"u8));
}
