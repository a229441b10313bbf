using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace ModelMigrate.Tests.Gateway;

/// <summary>One exchange with the OpenAI API as it went over the wire, from a go-vcr cassette.</summary>
internal sealed record Recording(
    string Name, string Path, string Request, string RequestType, string Answer, int Status, string ContentType, IReadOnlyList<(string Name, string Value)> Headers)
{
    private static readonly string s_folder = System.IO.Path.Combine(AppContext.BaseDirectory, "Gateway", "Recordings");

    /// <summary>Every recording there is, by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(s_folder, "*.yaml").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public bool IsStream => ContentType.StartsWith("text/event-stream", StringComparison.Ordinal);

    public bool IsChat => Path == "/v1/chat/completions";

    public static Recording Load(string name)
    {
        using var file = File.OpenText(System.IO.Path.Combine(s_folder, name + ".yaml"));
        var yaml = new YamlStream();
        yaml.Load(file);
        var interaction = Assert.Single((YamlSequenceNode)yaml.Documents[0].RootNode["interactions"]);
        var headers = HeadersOf(interaction["response"]);
        return new Recording(
            name, new Uri(interaction["request"]["url"].ToString()).AbsolutePath, interaction["request"]["body"].ToString(),
            HeadersOf(interaction["request"]).Single(h => h.Name == "Content-Type").Value, interaction["response"]["body"].ToString(),
            int.Parse(interaction["response"]["code"].ToString(), CultureInfo.InvariantCulture),
            headers.Single(h => h.Name == "Content-Type").Value, headers);
    }

    /// <summary>Plays the answer, a stream event by event.</summary>
    public StubUpstream.Answer Replay() => async (context, _) =>
    {
        foreach (var (header, value) in Headers.Where(h => h.Name is not ("Content-Length" or "Date")))
        {
            context.Response.Headers[header] = value;
        }

        context.Response.StatusCode = Status;
        foreach (var piece in IsStream ? Events : [Answer])
        {
            await context.Response.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    };

    /// <summary>The events of a stream, each with the empty line that ends it.</summary>
    public IEnumerable<string> Events => Answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e + "\n\n");

    /// <summary>The recorded request's body; the recorder left out what a form holds, so a small one stands for it.</summary>
    public HttpContent Body(string model)
    {
        if (!RequestType.StartsWith("multipart/", StringComparison.Ordinal))
        {
            return new StringContent(Request, MediaTypeHeaderValue.Parse(RequestType));
        }

        var form = new MultipartFormDataContent(MediaTypeHeaderValue.Parse(RequestType).Parameters.Single(p => p.Name == "boundary").Value!);
        form.Add(new StringContent(model), "model");
        form.Add(new ByteArrayContent([.. "RIFF"u8, 0, 1, 2, 255]), "file", "speech.wav");
        return form;
    }

    private static List<(string Name, string Value)> HeadersOf(YamlNode message) =>
        [.. ((YamlMappingNode)message["headers"]).Children.Select(h => (h.Key.ToString(), h.Value[0].ToString()))];
}
