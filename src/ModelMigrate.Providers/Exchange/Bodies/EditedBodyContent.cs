using System.Net;
using System.Net.Http.Headers;

namespace ModelMigrate.Providers.Exchange.Bodies;

/// <summary>Sends a client's body with edits spliced in. Copies nothing.</summary>
internal sealed class EditedBodyContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlyMemory<byte> _body;
    private readonly IReadOnlyList<BodyEdit> _edits;

    /// <param name="body">The client's request.</param>
    /// <param name="modelJson">The model's name as a JSON string.</param>
    /// <param name="addUsage">Whether a stream may be asked for its usage.</param>
    /// <param name="edits">What else is changed; none of them overlaps another.</param>
    public EditedBodyContent(ChatBody body, byte[] modelJson, bool addUsage, IEnumerable<BodyEdit> edits)
    {
        Headers.ContentType = Json;
        _body = body.Bytes;
        var model = new BodyEdit(body.Model.Start, body.Model.End, modelJson);
        List<BodyEdit> own = addUsage && body.UsageText is { } usage ? [new BodyEdit(body.UsagePlace.Start, body.UsagePlace.End, usage), model] : [model];

        // The order of equal places is kept: what is put in before the first field goes before what becomes of that field.
        _edits = [.. own.Concat(edits).OrderBy(edit => edit.Start)];
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var at = 0;
        foreach (var edit in _edits)
        {
            await stream.WriteAsync(_body[at..edit.Start], cancellationToken);
            await stream.WriteAsync(edit.Text, cancellationToken);
            at = edit.End;
        }

        await stream.WriteAsync(_body[at..], cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length + _edits.Sum(edit => (long)edit.Text.Length - (edit.End - edit.Start));
        return true;
    }
}
