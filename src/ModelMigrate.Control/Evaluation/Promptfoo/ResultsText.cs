using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>A results file that goes to a text writer piece by piece, so that it need not be held first. Owned by one writer of results.</summary>
internal sealed class ResultsText : IDisposable
{
    private readonly ArrayBufferWriter<byte> _piece = new();
    private readonly TextWriter _to;

    public ResultsText(TextWriter to) => (_to, Json) = (to, new Utf8JsonWriter(_piece, ResultsJson.Options));

    public Utf8JsonWriter Json { get; }

    /// <summary>Hands on what was written since the last time.</summary>
    public void Flush()
    {
        Json.Flush();
        _to.Write(Encoding.UTF8.GetString(_piece.WrittenSpan));
        _piece.ResetWrittenCount();
    }

    public void Dispose() => Json.Dispose();
}
