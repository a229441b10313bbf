using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelMigrate.Demo;

/// <summary>The chat requests of a demo: the prompts of <c>samples/prompts.jsonl</c>, which the program carries with it, each for a user of its own.</summary>
internal sealed class DemoPrompts
{
    private readonly string[] _messages;

    private DemoPrompts(string[] messages) => _messages = messages;

    public int Count => _messages.Length;

    public static DemoPrompts Load()
    {
        using var stream = typeof(DemoPrompts).Assembly.GetManifestResourceStream("prompts.jsonl")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new DemoPrompts([.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["messages"]!.ToJsonString())]);
    }

    /// <summary>The body of the n-th request: every other one is streamed, with usage.</summary>
    public byte[] Request(int n, string model)
    {
        var stream = n % 2 == 1 ? ""","stream":true,"stream_options":{"include_usage":true}""" : "";
        return Encoding.UTF8.GetBytes(
            $$"""{"model":{{JsonSerializer.Serialize(model)}},"messages":{{_messages[n % _messages.Length]}},"max_tokens":200,"temperature":0.7,"user":"{{User(n)}}"{{stream}}}""");
    }

    public static string User(int n) => $"visitor-{n:d6}";
}
