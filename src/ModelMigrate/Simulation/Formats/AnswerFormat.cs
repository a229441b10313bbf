using System.Text.Json;

namespace ModelMigrate.Simulation.Formats;

/// <summary>Writes simulated answers in one protocol's wire shape.</summary>
internal abstract class AnswerFormat
{
    /// <summary>Every endpoint of a protocol, chat first.</summary>
    public static IReadOnlyList<AnswerFormat> All(SimulationProtocol protocol) =>
        protocol == SimulationProtocol.OpenAi ? [new OpenAiFormat(), new CompletionFormat(), new EmbeddingFormat(), new TranscriptFormat("transcriptions"), new TranscriptFormat("translations"), new ResponseFormat()] : [new AnthropicFormat()];

    /// <summary>The path that requests are posted to.</summary>
    public abstract string ChatPath { get; }

    /// <summary>Reads a request, or says in the provider's manner why it is refused.</summary>
    public virtual SimulatedRequest? Read(SimulationProtocol protocol, string? contentType, ReadOnlyMemory<byte> body, out string problem) =>
        SimulatedRequest.TryRead(protocol, body, out problem, Work);

    /// <summary>The content type of a whole answer.</summary>
    public virtual string ContentType(SimulatedRequest request) => "application/json";

    /// <summary>The field of a request that holds what is to be worked on.</summary>
    public virtual string Work => "messages";

    /// <summary>The response header that names the request.</summary>
    public abstract string RequestIdHeader { get; }

    /// <summary>The whole answer as one body.</summary>
    public abstract string Plain(SimulatedRequest request, SimulatedAnswer answer);

    /// <summary>The events before the first content.</summary>
    public abstract string StreamHead(SimulatedRequest request, SimulatedAnswer answer);

    /// <summary>The event of one token.</summary>
    public abstract string StreamToken(SimulatedRequest request, SimulatedAnswer answer, string token);

    /// <summary>The events after the last content, usage included where the protocol or the client asks for it.</summary>
    public abstract string StreamTail(SimulatedRequest request, SimulatedAnswer answer);

    public abstract string Error(int status, string message, ulong id);

    public abstract string Models(string model);

    /// <summary>The statuses that a failing provider of this protocol answers with.</summary>
    public abstract IReadOnlyList<int> ErrorStatuses { get; }

    /// <summary>How many of the answer's tokens the request's own limit lets through; calls and JSON are said whole.</summary>
    protected static int Length(SimulatedRequest request, SimulatedAnswer answer) =>
        request.Speech?.Pieces.Count ?? Math.Min(answer.Tokens.Count, request.MaxTokens ?? int.MaxValue);

    public static IEnumerable<string> Tokens(SimulatedRequest request, SimulatedAnswer answer) =>
        request.Speech?.Pieces ?? answer.Tokens.Take(Length(request, answer));

    protected static bool IsCutShort(SimulatedRequest request, SimulatedAnswer answer) =>
        request.Speech is null && Length(request, answer) < answer.Tokens.Count;

    /// <summary>The whole of what is said.</summary>
    protected static string Said(SimulatedRequest request, SimulatedAnswer answer) => string.Concat(Tokens(request, answer));

    /// <summary>A JSON string literal.</summary>
    protected static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>A time derived from the answer's id, so that repeated runs give the same bytes.</summary>
    protected static long Created(SimulatedAnswer answer) => 1_767_225_600 + (long)(answer.Id % 86_400);
}
