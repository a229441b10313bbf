using System.Text.Json;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Scanning;

/// <summary>What a scan over <c>messages</c> finds: the texts of the sticky key, and the first thing that cannot be translated.</summary>
internal struct MessageScan
{
    public bool IsPresent { get; private set; }

    public ReadOnlyMemory<byte> System { get; private set; }

    public ReadOnlyMemory<byte> FirstUser { get; private set; }

    public string? Untranslatable { get; private set; }

    /// <summary>Whether a message holds thinking that we had handed out, tagged with its origin.</summary>
    public bool HoldsState { get; private set; }

    /// <summary>Whether a message shows a picture.</summary>
    public bool HasImages { get; private set; }

    /// <summary>Whether a message holds a recording.</summary>
    public bool HasAudio { get; private set; }

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
        var role = Role.Other;
        ReadOnlyMemory<byte> text = default;
        while (JsonWalk.NextName(ref json))
        {
            if (json.ValueTextEquals("role"u8))
            {
                json.Read();
                role = RoleOf(ref json);
            }
            else if (json.ValueTextEquals("content"u8))
            {
                json.Read();
                text = ScanContent(ref json, body);
            }
            else
            {
                // Other fields of a message are carried, or are notes on an earlier answer.
                var isToolCalls = json.ValueTextEquals("tool_calls"u8);
                var isLost = json.ValueTextEquals("audio"u8) || json.ValueTextEquals("function_call"u8);
                var isState = json.ValueTextEquals("reasoning_signature"u8);
                json.Read();
                HoldsState |= isState && json.TokenType == JsonTokenType.String && OpaqueState.IsTagged(json.ValueSpan);
                if (isToolCalls)
                {
                    ScanCalls(ref json);
                    continue;
                }

                var says = json.TokenType != JsonTokenType.Null;
                if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    var start = json.TokenStartIndex;
                    json.Skip();
                    says = json.TokenStartIndex - start > 1;
                }

                Untranslatable ??= says && isLost ? "messages" : null;
            }
        }

        Untranslatable ??= role == Role.Other ? "messages.role" : null;
        System = role == Role.System && System.IsEmpty ? text : System;
        FirstUser = role == Role.User && FirstUser.IsEmpty ? text : FirstUser;
    }

    private ReadOnlyMemory<byte> ScanContent(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            var text = BodyProblems.TextOf(ref json, body);
            json.Skip();
            return text;
        }

        // The parts' own JSON serves as key text: it is as stable as their texts.
        var start = (int)json.TokenStartIndex;
        while (JsonWalk.NextObject(ref json))
        {
            ScanPart(ref json);
        }

        return body[start..(int)json.BytesConsumed];
    }

    private void ScanPart(ref Utf8JsonReader json)
    {
        while (JsonWalk.NextName(ref json))
        {
            var isType = json.ValueTextEquals("type"u8);
            var isFile = json.ValueTextEquals("file"u8);
            json.Read();
            HasImages |= isType && json.TokenType == JsonTokenType.String && json.ValueTextEquals("image_url"u8);
            HasAudio |= isType && json.TokenType == JsonTokenType.String && json.ValueTextEquals("input_audio"u8);
            if (isType && !IsCarriedPart(ref json))
            {
                Untranslatable ??= "messages.content";
            }

            if (isFile && json.TokenType == JsonTokenType.StartObject)
            {
                ScanFile(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static bool IsCarriedPart(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String
        && (json.ValueTextEquals("text"u8) || json.ValueTextEquals("image_url"u8) || json.ValueTextEquals("refusal"u8) || json.ValueTextEquals("file"u8)
            || json.ValueTextEquals("input_audio"u8));

    /// <summary>A file that only its provider holds cannot be sent to another.</summary>
    private void ScanFile(ref Utf8JsonReader json)
    {
        while (JsonWalk.NextName(ref json))
        {
            var isId = json.ValueTextEquals("file_id"u8);
            json.Read();
            Untranslatable ??= isId && json.TokenType != JsonTokenType.Null ? "messages.content" : null;
            json.Skip();
        }
    }

    /// <summary>Calls of functions are carried, others not.</summary>
    private void ScanCalls(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (JsonWalk.NextObject(ref json))
        {
            while (JsonWalk.NextName(ref json))
            {
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                Untranslatable ??= isType && !(json.TokenType == JsonTokenType.String && json.ValueTextEquals("function"u8)) ? "messages.tool_calls" : null;
                json.Skip();
            }
        }
    }

    private static Role RoleOf(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return Role.Other;
        }

        return json.ValueTextEquals("user"u8) ? Role.User
            : json.ValueTextEquals("assistant"u8) ? Role.Assistant
            : json.ValueTextEquals("tool"u8) ? Role.Tool
            : json.ValueTextEquals("system"u8) || json.ValueTextEquals("developer"u8) ? Role.System
            : Role.Other;
    }

    private enum Role
    {
        Other,
        User,
        Assistant,
        Tool,
        System,
    }
}
