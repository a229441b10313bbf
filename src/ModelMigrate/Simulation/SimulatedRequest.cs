using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Simulation;

/// <summary>What the simulation needs of a request body, and a hash of the body that white space and the order of keys do not change.</summary>
internal sealed record SimulatedRequest
{
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Whether an OpenAI stream ends with a usage chunk.</summary>
    public required bool IncludeUsage { get; init; }

    /// <summary>The most tokens to answer with, or null for no limit.</summary>
    public required int? MaxTokens { get; init; }

    /// <summary>OpenAI's <c>user</c> or Anthropic's <c>metadata.user_id</c>.</summary>
    public required string? User { get; init; }

    /// <summary>An estimate: four bytes of message text to a token.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Pictures that are shown, in the words of any protocol.</summary>
    public int Pictures { get; init; }

    /// <summary>What it makes the model say, when that is not plain words.</summary>
    public SimulatedSpeech? Speech { get; init; }

    /// <summary>The shape that a transcript is wanted in (<c>response_format</c>), or null for JSON.</summary>
    public string? Shape { get; init; }

    /// <summary>What is asked of other endpoints than chat; null for chat.</summary>
    public SimulatedInput? Input { get; init; }

    public required ulong BodyHash { get; init; }

    /// <summary>
    /// Reads a body whose field <paramref name="work"/> holds what is to be worked on, or says in the provider's manner why it is refused.
    /// </summary>
    public static SimulatedRequest? TryRead(SimulationProtocol protocol, ReadOnlyMemory<byte> body, out string problem, string work = "messages")
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(protocol, document.RootElement, work, out problem);
        }
        catch (JsonException)
        {
            problem = "We could not parse the JSON body of your request.";
            return null;
        }
        catch (InvalidOperationException)
        {
            problem = "A string in your request is not valid UTF-8.";
            return null;
        }
    }

    private static SimulatedRequest? Read(SimulationProtocol protocol, JsonElement root, string work, out string problem)
    {
        problem = "";
        if (root.ValueKind != JsonValueKind.Object)
        {
            problem = "The body must be a JSON object.";
        }
        else if (Member(root, "model") is not { ValueKind: JsonValueKind.String })
        {
            problem = "you must provide a model parameter";
        }
        else if (work != "messages" && Member(root, work) is not { ValueKind: JsonValueKind.Array or JsonValueKind.String })
        {
            problem = $"you must provide a {work} parameter";
        }
        else if (work == "messages" && !(Member(root, "messages") is { ValueKind: JsonValueKind.Array } found && found.GetArrayLength() > 0))
        {
            problem = "messages: at least one message is required";
        }
        else if (protocol == SimulationProtocol.Anthropic && Limit(root, "max_tokens") is null)
        {
            problem = "max_tokens: Field required";
        }

        if (problem.Length > 0)
        {
            return null;
        }

        var stream = Member(root, "stream") is { ValueKind: JsonValueKind.True };
        return new SimulatedRequest
        {
            Model = root.GetProperty("model").GetString()!,
            Stream = stream,
            IncludeUsage = Member(root, "stream_options") is { ValueKind: JsonValueKind.Object } options
                && Member(options, "include_usage") is { ValueKind: JsonValueKind.True },
            MaxTokens = Limit(root, "max_completion_tokens") ?? Limit(root, "max_tokens") ?? Limit(root, "max_output_tokens"),
            User = Text(root, "user") ?? (Member(root, "metadata") is { ValueKind: JsonValueKind.Object } metadata ? Text(metadata, "user_id") : null),
            InputTokens = 1 + (TextLength(root.GetProperty(work)) + TextLength(Member(root, "system") ?? default)) / 4,
            Pictures = PicturesIn(root.GetProperty(work)),
            Speech = SimulatedSpeech.Of(protocol, root, work),
            Input = work == "messages" ? null : SimulatedInput.Of(root, root.GetProperty(work), Hash),
            BodyHash = Hash(root),
        };
    }

    private static JsonElement? Member(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static int? Limit(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var limit) && limit > 0 ? limit : null;

    private static int TextLength(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(value).Length - 2,
        JsonValueKind.Array => value.EnumerateArray().Sum(TextLength),
        JsonValueKind.Object => value.EnumerateObject().Where(p => p.NameEquals("content") || p.NameEquals("text")).Sum(p => TextLength(p.Value)),
        _ => 0,
    };

    private static int PicturesIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Sum(PicturesIn),
        JsonValueKind.Object => (Text(value, "type") is "image" or "image_url" or "input_image" ? 1 : 0) + PicturesIn(Member(value, "content") ?? default),
        _ => 0,
    };

    private static ulong Hash(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                // A sum, so that the order of keys does not matter.
                var sum = 1UL;
                foreach (var property in value.EnumerateObject())
                {
                    sum += SeededHash.Mix(HashName(property), Hash(property.Value));
                }

                return SeededHash.Mix(2, sum);
            case JsonValueKind.Array:
                var chain = 3UL;
                foreach (var item in value.EnumerateArray())
                {
                    chain = SeededHash.Mix(chain, Hash(item));
                }

                return SeededHash.Mix(4, chain);
            case JsonValueKind.String:
                var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
                return SeededHash.Mix(5, raw.Contains((byte)'\\') ? SeededHash.Of(Encoding.UTF8.GetBytes(value.GetString()!)) : SeededHash.Of(raw));
            case JsonValueKind.Number:
                // As a double, so that 1, 1.0 and 1e0 are the same.
                return SeededHash.Mix(6, (ulong)BitConverter.DoubleToInt64Bits(value.GetDouble()));
            default:
                return SeededHash.Mix(8, (ulong)value.ValueKind);
        }
    }

    private static ulong HashName(JsonProperty property)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.Contains((byte)'\\') ? SeededHash.Of(Encoding.UTF8.GetBytes(property.Name)) : SeededHash.Of(raw);
    }
}
