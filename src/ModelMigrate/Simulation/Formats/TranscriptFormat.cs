using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace ModelMigrate.Simulation.Formats;

/// <summary>The OpenAI audio protocol, in every shape that it has. What is said in a recording follows from its bytes.</summary>
internal sealed class TranscriptFormat(string kind) : OpenAiFormat
{
    public override string ChatPath => "/v1/audio/" + kind;

    public override SimulatedRequest? Read(SimulationProtocol protocol, string? contentType, ReadOnlyMemory<byte> body, out string problem)
    {
        problem = "";
        try
        {
            var fields = Fields(contentType, body);
            if (fields.TryGetValue("model", out var model) && fields.TryGetValue("file", out var file))
            {
                return new SimulatedRequest
                {
                    Model = Text(model), Stream = fields.TryGetValue("stream", out var stream) && Text(stream) == "true", IncludeUsage = true, MaxTokens = null, User = null,
                    InputTokens = 1 + file.Length / 1000, Shape = fields.TryGetValue("response_format", out var shape) ? Text(shape) : null,
                    BodyHash = SeededHash.Of(file),
                };
            }

            problem = "you must provide a model and a file";
        }
        catch (Exception e) when (e is InvalidDataException)
        {
            problem = "We could not read your form: " + e.Message;
        }

        return null;
    }

    public override string ContentType(SimulatedRequest request) => request.Shape switch
    {
        "text" or "srt" => "text/plain; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        _ => "application/json",
    };

    public override string Plain(SimulatedRequest request, SimulatedAnswer answer)
    {
        var said = Said(request, answer);
        var seconds = answer.Tokens.Count / 2m;
        var end = TimeSpan.FromSeconds((double)seconds);
        return request.Shape switch
        {
            "text" => said + "\n",
            "srt" => $"1\n00:00:00,000 --> {end.ToString(@"hh\:mm\:ss\,fff", CultureInfo.InvariantCulture)}\n{said}\n\n",
            "vtt" => $"WEBVTT\n\n00:00:00.000 --> {end.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture)}\n{said}\n\n",
            "verbose_json" => $$$"""{"task":"transcribe","language":"english","duration":{{{Number(seconds)}}},"text":{{{Quote(said)}}},"segments":[{"id":0,"start":0.0,"end":{{{Number(seconds)}}},"text":{{{Quote(said)}}}}],"usage":{"type":"duration","seconds":{{{Number(Math.Ceiling(seconds))}}}}}""",
            _ => $$"""{"text":{{Quote(said)}},"usage":{{Billed(request, answer)}}}""",
        };
    }

    public override string StreamHead(SimulatedRequest request, SimulatedAnswer answer) => "";

    public override string StreamToken(SimulatedRequest request, SimulatedAnswer answer, string token) =>
        $"data: {{\"type\":\"transcript.text.delta\",\"delta\":{Quote(token)}}}\n\n";

    public override string StreamTail(SimulatedRequest request, SimulatedAnswer answer) =>
        $"data: {{\"type\":\"transcript.text.done\",\"text\":{Quote(Said(request, answer))},\"usage\":{Billed(request, answer)}}}\n\n";

    private static string Billed(SimulatedRequest request, SimulatedAnswer answer) =>
        $$"""{"type":"tokens","input_tokens":{{request.InputTokens}},"output_tokens":{{answer.Tokens.Count}},"total_tokens":{{request.InputTokens + answer.Tokens.Count}}}""";

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(byte[] value) => Encoding.UTF8.GetString(value);

    private static Dictionary<string, byte[]> Fields(string? contentType, ReadOnlyMemory<byte> body)
    {
        var fields = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var boundary = MediaTypeHeaderValue.TryParse(contentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        foreach (var part in Encoding.Latin1.GetString(body.Span).Split("--" + (boundary ?? throw new InvalidDataException("no boundary"))))
        {
            var value = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (value > 0 && part.EndsWith("\r\n", StringComparison.Ordinal))
            {
                var line = part[..value].Split("\r\n").FirstOrDefault(l => l.StartsWith("content-disposition:", StringComparison.OrdinalIgnoreCase));
                var name = ContentDispositionHeaderValue.TryParse(line?["content-disposition:".Length..], out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
                fields[name ?? ""] = Encoding.Latin1.GetBytes(part[(value + 4)..^2]);
            }
        }

        return fields;
    }
}
