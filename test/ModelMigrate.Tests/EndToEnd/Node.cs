using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>Runs the Node programs beside the tests: the official SDK as a client, aimock as an upstream.</summary>
internal static class Node
{
    public const string Prompt = "Say hello in five languages";

    public static string Folder { get; } = Path.Combine(Architecture.Source.Root, "test", "ModelMigrate.Tests", "EndToEnd", "node");

    /// <summary>The answer that aimock's fixture gives to <see cref="Prompt"/>.</summary>
    public static string FixtureAnswer
    {
        get
        {
            using var fixtures = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "fixtures.json")));
            return fixtures.RootElement.GetProperty("fixtures")[0].GetProperty("response").GetProperty("content").GetString()!;
        }
    }

    /// <summary>Sends chats, every other one streamed, each as another user.</summary>
    public static async Task<List<NodeAnswer>> ChatAsync(Uri gateway, int count)
    {
        await using var client = ChildProcess.Start(
            "node", [Path.Combine(Folder, "chat.mjs"), new Uri(gateway, "/v1").ToString(), "chat", count.ToString(CultureInfo.InvariantCulture), Prompt]);
        Assert.True(await client.WaitForExitAsync(TimeSpan.FromSeconds(120)) == 0, client.Output);
        return [.. client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<NodeAnswer>(line, JsonSerializerOptions.Web)!)];
    }

    public static async Task<(ChildProcess Process, Uri Url)> StartAimockAsync()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var process = ChildProcess.Start("node",
        [
            Path.Combine(Folder, "node_modules", "@copilotkit", "aimock", "dist", "cli.js"),
            "-p", port.ToString(CultureInfo.InvariantCulture), "-f", Path.Combine(Folder, "fixtures.json"),
        ]);
        var url = new Uri($"http://127.0.0.1:{port}");
        await process.WaitForAsync(line => line.Contains(port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) ? line : null, TimeSpan.FromSeconds(30));
        return (process, url);
    }
}
