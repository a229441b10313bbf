using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.Json;

/// <summary>What holds for a request in whatever protocol it is written: what its model does not take is left out or clamped, and reported.</summary>
internal static class RequestRules
{
    /// <summary>Whether the model's catalog entry rejects a field, which is then reported as dropped.</summary>
    public static bool IsRejected(this ModelSnapshot model, string field, ChangeList changes)
    {
        if (!model.Rejects.Contains(field, StringComparer.Ordinal))
        {
            return false;
        }

        changes.Dropped(field);
        return true;
    }

    /// <summary>The longest answer that the model gives of those asked for, in tokens.</summary>
    public static int LimitOf(this ModelSnapshot model, int asked, ChangeList changes, int least = 0)
    {
        var limit = Math.Max(least, model.MaxOutputTokens is { } most ? Math.Min(asked, most) : asked);
        if (limit != asked)
        {
            changes.Clamped("max_tokens", asked, limit);
        }

        return limit;
    }

    public static void DropIf(this ChangeList changes, bool isSaid, string field)
    {
        if (isSaid)
        {
            changes.Dropped(field);
        }
    }

    /// <summary>What the messages protocol and Converse have no words for, of how the next token is drawn.</summary>
    public static void DropUnknownDrawing(this ChangeList changes, ChatRequest request)
    {
        changes.DropIf(request.PresencePenalty is not (null or 0), "presence_penalty");
        changes.DropIf(request.FrequencyPenalty is not (null or 0), "frequency_penalty");
        changes.DropIf(request.Seed is not null, "seed");
        changes.DropIf(request.Choices > 1, "n");
        changes.DropIf(request.Logprobs, "logprobs");
        changes.DropIf(request.TopLogprobs is > 0, "top_logprobs");
    }

    /// <summary>The texts that end an answer, as many as the protocol takes.</summary>
    public static void WriteStops(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ModelSnapshot model, ChatRequest request, ChangeList changes, int most = int.MaxValue)
    {
        if (request.Stop.Count == 0 || model.IsRejected("stop", changes))
        {
            return;
        }

        if (request.Stop.Count > most)
        {
            changes.Clamped("stop_sequences", request.Stop.Count, most);
        }

        json.WriteStartArray(name);
        foreach (var stop in request.Stop.Take(most))
        {
            json.WriteStringValue(stop);
        }

        json.WriteEndArray();
    }

    /// <summary>Reports a part that is not written. Empty texts are none: nobody misses them.</summary>
    public static void DropPart(this ChangeList changes, ChatPart part)
    {
        var field = part switch
        {
            ThinkingPart => "thinking",
            ImagePart => "image_url",
            AudioPart => "input_audio",
            ForeignPart foreign => foreign.Type,
            _ => null,
        };
        if (field is not null)
        {
            changes.Dropped("messages." + field);
        }
    }
}
