using System.Text.Json;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>Steps through JSON whose shape nobody has checked yet.</summary>
internal static class JsonWalk
{
    /// <summary>Goes to the next object of the array that the reader is in, over whatever is none; false at its end.</summary>
    public static bool NextObject(ref Utf8JsonReader json, ref bool areObjects)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                return true;
            }

            json.Skip();
            areObjects = false;
        }

        return false;
    }

    /// <summary>Goes to the next object of the array that the reader is in, over whatever is none; false at its end.</summary>
    public static bool NextObject(ref Utf8JsonReader json)
    {
        var ignored = true;
        return NextObject(ref json, ref ignored);
    }

    /// <summary>Goes to the next name of the object that the reader is in; false at its end.</summary>
    public static bool NextName(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether a list of tools has one whose type is not <paramref name="known"/>: only its own provider can run it.</summary>
    public static bool HasToolBeside(ref Utf8JsonReader json, ReadOnlySpan<byte> known)
    {
        var other = false;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (NextObject(ref json))
        {
            while (NextName(ref json))
            {
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                other |= isType && json.TokenType == JsonTokenType.String && !json.ValueTextEquals(known);
                json.Skip();
            }
        }

        return other;
    }

    /// <summary>Whether a value says nothing: null, an empty list, an empty object.</summary>
    public static bool SaysNothing(Utf8JsonReader copy) => copy.TokenType switch
    {
        JsonTokenType.Null => true,
        JsonTokenType.StartArray or JsonTokenType.StartObject => copy.Read() && copy.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject,
        _ => false,
    };

    /// <summary>A name or text; one that is no valid text stands for itself, as nothing that is known.</summary>
    public static string TextOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "(not text)";
        }
    }
}
