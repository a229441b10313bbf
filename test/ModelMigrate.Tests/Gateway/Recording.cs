using System.Globalization;
using ModelMigrate.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace ModelMigrate.Tests.Gateway;

/// <summary>One exchange with the OpenAI API as it went over the wire, from a go-vcr cassette.</summary>
internal sealed record Recording(string Request, string Answer, int Status, string ContentType, IReadOnlyList<(string Name, string Value)> Headers)
{
    public static Recording Load(string name)
    {
        using var file = File.OpenText(Path.Combine(AppContext.BaseDirectory, "Gateway", "Recordings", name + ".yaml"));
        var yaml = new YamlStream();
        yaml.Load(file);
        var interaction = ((YamlSequenceNode)yaml.Documents[0].RootNode["interactions"])[0];
        var headers = ((YamlMappingNode)interaction["response"]["headers"]).Children.Select(h => (h.Key.ToString(), h.Value[0].ToString())).ToList();
        return new Recording(
            interaction["request"]["body"].ToString(), interaction["response"]["body"].ToString(),
            int.Parse(interaction["response"]["code"].ToString(), CultureInfo.InvariantCulture),
            headers.Single(h => h.Item1 == "Content-Type").Item2, headers);
    }

    /// <summary>Plays the answer, a stream event by event.</summary>
    public StubUpstream.Answer Replay() => async (context, received) =>
    {
        foreach (var (header, value) in Headers.Where(h => h.Name is not ("Content-Length" or "Date")))
        {
            context.Response.Headers[header] = value;
        }

        var pieces = ContentType.StartsWith("text/event-stream", StringComparison.Ordinal)
            ? Answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e + "\n\n").ToArray()
            : null;
        await (pieces is null ? StubUpstream.Json(Answer, Status) : StubUpstream.Events(pieces))(context, received);
    };
}
