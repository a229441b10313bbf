using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.EndToEnd.Clients;

/// <summary>The table of clients, features and upstreams, written from what was tried.</summary>
internal static class ClientTable
{
    /// <summary>The clients, by their own names, with the file that pins their version.</summary>
    public static IReadOnlyList<(string Name, string Package)> Clients { get; } =
    [
        (OpenAiDotNet, "OpenAI"), (AnthropicDotNet, "Anthropic"), ("openai", "openai"), ("anthropic", "@anthropic-ai/sdk"),
        ("langchain-openai", "@langchain/openai"), ("langchain-anthropic", "@langchain/anthropic"), ("ai-openai", "@ai-sdk/openai"), ("ai-anthropic", "@ai-sdk/anthropic"),
    ];

    public const string OpenAiDotNet = "openai-dotnet";
    public const string AnthropicDotNet = "anthropic-dotnet";

    /// <summary>The features, by the words of the programs that try them, and by those of the page.</summary>
    public static IReadOnlyList<(string Name, string Title)> Features { get; } =
    [
        ("plain", "plain"), ("stream", "stream"), ("tools", "tools"), ("toolsStream", "tools in a stream"), ("image", "images"), ("schema", "JSON schema"),
        ("embeddings", "embeddings"), ("transcription", "transcription"),
        ("responses", "responses"), ("responsesStream", "responses stream"), ("responsesTools", "responses tools"), ("cancel", "cancel"), ("error", "error"),
    ];

    /// <summary>The upstreams: the name of the route to each, and what it is.</summary>
    public static IReadOnlyList<(string Route, string Title)> Upstreams { get; } =
    [
        ("sim-openai", "simulator, OpenAI"), ("sim-responses", "simulator, OpenAI responses"), ("sim-anthropic", "simulator, Anthropic"), ("mock-openai", "aimock, OpenAI"), ("mock-anthropic", "aimock, Anthropic"),
    ];

    /// <summary>Why a cell is empty. There is no other reason.</summary>
    public static IReadOnlyDictionary<char, string> Reasons { get; } = new SortedDictionary<char, string>
    {
        ['a'] = "the library has no such call",
        ['b'] = "the Anthropic protocol has no such endpoint; the client gets a 4xx in its own protocol",
    };

    /// <summary>Features of the OpenAI protocol that the Anthropic protocol has no endpoint for.</summary>
    private static readonly HashSet<string> s_openAiOnly = new(StringComparer.Ordinal) { "embeddings", "transcription" };

    /// <summary>What a cell shows; null when something went wrong that no reason explains.</summary>
    public static string? Show(ClientCell cell)
    {
        var reason = !cell.Has ? 'a' : s_openAiOnly.Contains(cell.Feature) && cell.Route.EndsWith("-anthropic", StringComparison.Ordinal) ? 'b' : ' ';
        return reason switch
        {
            ' ' => cell.Problem is null ? "yes" : null,
            'a' => "a",
            _ => cell.Problem is { } problem && (problem.Contains("400", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal)) ? $"{reason}" : null,
        };
    }

    /// <summary>The page's last part: the versions, the table, the reasons.</summary>
    public static string Write(IReadOnlyCollection<ClientCell> cells)
    {
        var text = new StringBuilder("| client | upstream |");
        text.AppendJoin("", Features.Select(feature => $" {feature.Title} |")).Append("\n|---|---|").Insert(text.Length, "---|", Features.Count).Append('\n');
        foreach (var (client, package) in Clients)
        {
            foreach (var (route, upstream) in Upstreams)
            {
                var shown = Features.Select(feature => Show(cells.Single(cell => cell.Client == client && cell.Route == route && cell.Feature == feature.Name)) ?? "FAILED");
                text.Append($"| {Title(client, package)} | {upstream} | ").AppendJoin(" | ", shown).Append(" |\n");
            }
        }

        text.Append("\nEmpty cells:\n\n");
        var used = cells.Select(Show).ToHashSet();
        foreach (var (letter, reason) in Reasons.Where(reason => used.Contains($"{reason.Key}")))
        {
            text.Append($"- **{letter}**: {reason}\n");
        }

        return text.ToString();
    }

    private static string Title(string client, string package) => client is OpenAiDotNet or AnthropicDotNet
        ? $"NuGet `{package}` {PinnedInProps(package)}"
        : $"npm `{package}` {PinnedInNode(package)}" + (client.StartsWith("ai-", StringComparison.Ordinal) ? $" with `ai` {PinnedInNode("ai")}" : "");

    private static string PinnedInProps(string package) => XDocument.Parse(Source.Text("Directory.Packages.props")).Descendants("PackageVersion")
        .Single(e => e.Attribute("Include")!.Value == package).Attribute("Version")!.Value.Trim('[', ']');

    private static string PinnedInNode(string package) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Node.Folder, "package.json")))!["dependencies"]![package]!.GetValue<string>();
}
