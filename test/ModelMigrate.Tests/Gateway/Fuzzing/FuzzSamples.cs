using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Fuzzing;

/// <summary>What is changed at random: requests of each client, answers of each provider.</summary>
internal static class FuzzSamples
{
    public const string Audio = "/v1/audio/transcriptions";

    public const string Boundary = "b0";

    private const string Form = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nchat\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
        + $"Content-Type: audio/wav\r\n\r\nRIFF0000WAVEfmt \r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n--{Boundary}--\r\n";

    private static readonly ResponsesSamples s_responses = new();

    /// <summary>Models asked in chat completions, in messages, in responses, in generateContent and in Converse.</summary>
    public static string[] Routes { get; } = ["chat", "claude", "codex", "gemini", "bedrock"];

    private static string Goldens { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway", "Translation", "Goldens");

    /// <summary>Requests of every kind for each route, whole and streamed; one that begins with two dashes is a form.</summary>
    public static List<(ProviderKind Client, string Path, string Body)> Requests()
    {
        var samples = new List<(ProviderKind, string, string)>();
        void Add(ProviderKind client, string path, string body)
        {
            foreach (var route in Routes)
            {
                var json = JsonNode.Parse(body)!;
                json["model"] = route;
                samples.Add((client, path, json.ToJsonString()));
                json["stream"] = true;
                samples.Add((client, path, json.ToJsonString()));
            }
        }

        Add(ProviderKind.OpenAi, "/v1/chat/completions", ChatSamples.Plain);
        Add(ProviderKind.OpenAi, "/v1/completions", """{"model":"chat","prompt":["Once","upon"],"max_tokens":8,"temperature":0.5,"stop":["END"],"logprobs":1,"suffix":"x","user":"u"}""");
        samples.AddRange(Enumerable.Repeat((ProviderKind.OpenAi, Audio, Form), 6));
        Add(ProviderKind.OpenAi, "/v1/embeddings", """{"model":"chat","input":["a","b"],"dimensions":8}""");
        foreach (var file in Directory.GetFiles(Path.Combine(Goldens, "completions"), "*.json").Order(StringComparer.Ordinal))
        {
            Add(ProviderKind.OpenAi, "/v1/chat/completions", File.ReadAllText(file));
        }

        foreach (var file in Directory.GetFiles(Path.Combine(Goldens, "responses"), "*.json").Order(StringComparer.Ordinal))
        {
            Add(ProviderKind.OpenAi, "/v1/responses", File.ReadAllText(file));
        }

        foreach (var file in Directory.GetFiles(Path.Combine(Goldens, "messages"), "*.json").Order(StringComparer.Ordinal))
        {
            Add(ProviderKind.Anthropic, Path.GetFileName(file) == "count_tokens.json" ? "/v1/messages/count_tokens" : "/v1/messages", File.ReadAllText(file));
        }

        return samples;
    }

    /// <summary>Answers of each protocol, whole or as events; of Bedrock's an event is its type and its payload.</summary>
    public static List<(ProviderKind Kind, string Path, string Whole, string[]? Events)> Answers()
    {
        var samples = new List<(ProviderKind, string, string, string[]?)>
        {
            (ProviderKind.OpenAi, "/v1/chat/completions", ChatSamples.Answer, null), (ProviderKind.OpenAi, "/v1/chat/completions", "", ChatSamples.Chunks),
            (ProviderKind.Anthropic, "/v1/messages", ChatSamples.AnthropicAnswer, null), (ProviderKind.Anthropic, "/v1/messages", "", ChatSamples.AnthropicEvents),
            (ProviderKind.OpenAi, "/v1/responses", s_responses.Whole, null), (ProviderKind.OpenAi, "/v1/responses", "", [.. s_responses.Events]),
            (ProviderKind.OpenAi, "/v1/responses", s_responses.ToolAnswer, null), (ProviderKind.OpenAi, "/v1/responses", "", [.. s_responses.ToolEvents]),
        };
        foreach (var (kind, path, folder) in new[] { (ProviderKind.OpenAi, "/v1/chat/completions", "openai"), (ProviderKind.Anthropic, "/v1/messages", "anthropic"), (ProviderKind.OpenAi, "/v1/responses", "outputs") })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Goldens, folder), "*.json").Order(StringComparer.Ordinal))
            {
                var text = File.ReadAllText(file);
                samples.Add(text.TrimStart().StartsWith('{')
                    ? (kind, path, text, null)
                    : (kind, path, "", text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.TrimStart('\n') + "\n\n").ToArray()));
            }
        }

        KitSamples[] kits = [new GeminiSamples(), new BedrockSamples(Signs: false)];
        foreach (var (kit, kind, folder) in kits.Zip([ProviderKind.Gemini, ProviderKind.Bedrock], ["vertex-gemini", "bedrock"]))
        {
            samples.AddRange([(kind, "", kit.Whole, null), (kind, "", kit.ToolAnswer, null), (kind, "", kit.UsageAnswer, null), (kind, "", "", [.. kit.Events]), (kind, "", "", [.. kit.ToolEvents])]);
            samples.AddRange(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Providers", "Goldens", folder), "*.json").Order(StringComparer.Ordinal)
                .Select(file => (kind, "", File.ReadAllText(file), (string[]?)null)));
        }

        return samples;
    }
}
