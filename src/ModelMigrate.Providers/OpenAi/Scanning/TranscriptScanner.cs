using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.OpenAi.Scanning;

/// <summary>Looks at transcripts: JSON with a text, plain text and subtitles as they are, and the events of a stream.</summary>
internal sealed class TranscriptScanner : DocumentScanner
{
    private bool _isJson = true;

    public override bool Takes(string? mediaType)
    {
        _isJson = mediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
        return _isJson || (mediaType is not null && !mediaType.EndsWith("html", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>An answer may be empty where nothing was said.</summary>
    public override AnswerSigns ScanBody(ReadOnlySpan<byte> body) => _isJson ? base.ScanBody(body) : AnswerSigns.Content;

    protected override AnswerSigns ScanEvent(JsonElement root)
    {
        if (ReadError(root))
        {
            return AnswerSigns.Error;
        }

        switch (TextOf(root, "type"))
        {
            case "transcript.text.done":
                Finished = true;
                ReadUsage(root);
                return AnswerSigns.Content | AnswerSigns.Finish;
            case { } type when type.StartsWith("transcript.", StringComparison.Ordinal):
                return AnswerSigns.Content;
            case null:
                return AnswerSigns.Malformed;
            default:
                return AnswerSigns.None;
        }
    }

    protected override AnswerSigns ScanAnswer(JsonElement root)
    {
        ReadUsage(root);
        return TextOf(root, "text") is null ? AnswerSigns.Malformed : AnswerSigns.Content;
    }

    /// <summary>Tokens where the provider counts them; one that bills by the second tells none.</summary>
    private void ReadUsage(JsonElement root)
    {
        if (root.TryGetProperty("usage"u8, out var usage) && usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty("input_tokens"u8, out _))
        {
            Usage = new Usage(CountOf(usage, "input_tokens"), CountOf(usage, "output_tokens"));
        }
    }

    private static long CountOf(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? Math.Max(0, count) : 0;
}
