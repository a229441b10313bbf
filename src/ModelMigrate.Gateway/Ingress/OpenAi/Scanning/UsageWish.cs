using System.Text;
using System.Text.Json;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Scanning;

/// <summary>Whether a stream asks for its usage (<c>stream_options.include_usage</c>), and how to ask for it in its place.</summary>
internal struct UsageWish
{
    private (int Start, int End)? _place;
    private byte[]? _text;

    public bool IsAsked { get; private set; }

    /// <summary>The range to put <see cref="TextFor"/> in place of.</summary>
    public readonly (int Start, int End) PlaceIn(in BodyScan scan) => _place ?? (scan.Inside, scan.Inside);

    /// <summary>The text that asks for usage, or null when nothing needs to be put in.</summary>
    public readonly byte[]? TextFor(in BodyScan scan) => !scan.Stream || IsAsked ? null : _text ?? """
        "stream_options":{"include_usage":true},
        """u8.ToArray();

    /// <summary>Reads the value of <c>stream_options</c>.</summary>
    public void Read(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        if (json.TokenType == JsonTokenType.Null)
        {
            _place = ((int)json.TokenStartIndex, (int)json.BytesConsumed);
            _text = """{"include_usage":true}"""u8.ToArray();
            return;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            scan.Fail(RequestProblem.WrongType("stream_options", "an object"));
            return;
        }

        var at = (int)json.BytesConsumed;
        var isEmpty = true;
        var seen = false;
        while (JsonWalk.NextName(ref json))
        {
            isEmpty = false;
            if (!json.ValueTextEquals("include_usage"u8))
            {
                json.Skip();
                continue;
            }

            if (seen)
            {
                scan.Fail(BodyProblems.Twice("stream_options.include_usage"));
            }

            seen = true;
            json.Read();
            IsAsked = scan.Flag("stream_options.include_usage");
            _place = ((int)json.TokenStartIndex, (int)json.BytesConsumed);
            _text = "true"u8.ToArray();
        }

        if (!seen)
        {
            _place = (at, at);
            _text = Encoding.ASCII.GetBytes(isEmpty ? "\"include_usage\":true" : "\"include_usage\":true,");
        }
    }
}
