using System.Net;
using System.Net.Http.Headers;

namespace ModelMigrate.Providers.Exchange.Bodies;

/// <summary>Sends a client's body with the model name spliced in, and the wish for a usage chunk where it is added. Copies nothing.</summary>
internal sealed class ChatBodyContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlyMemory<byte> _body;
    private readonly (int Start, int End, byte[] Text) _first;
    private readonly (int Start, int End, byte[] Text) _second;

    public ChatBodyContent(ChatBody body, byte[] modelJson, bool addUsage)
    {
        Headers.ContentType = Json;
        _body = body.Bytes;
        var model = (body.Model.Start, body.Model.End, modelJson);
        if (!addUsage || body.UsageText is null)
        {
            (_first, _second) = (model, (_body.Length, _body.Length, []));
        }
        else
        {
            var usage = (body.UsagePlace.Start, body.UsagePlace.End, body.UsageText);
            (_first, _second) = body.UsagePlace.Start < body.Model.Start ? (usage, model) : (model, usage);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_body[.._first.Start], cancellationToken);
        await stream.WriteAsync(_first.Text, cancellationToken);
        await stream.WriteAsync(_body[_first.End.._second.Start], cancellationToken);
        if (_second.Text.Length > 0)
        {
            await stream.WriteAsync(_second.Text, cancellationToken);
        }

        if (_second.End < _body.Length)
        {
            await stream.WriteAsync(_body[_second.End..], cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length - (_first.End - _first.Start) + _first.Text.Length - (_second.End - _second.Start) + _second.Text.Length;
        return true;
    }
}
