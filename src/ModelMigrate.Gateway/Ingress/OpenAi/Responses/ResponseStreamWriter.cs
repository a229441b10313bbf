using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>
/// Writes a streamed answer as the events of the responses protocol: one for each delta, inside items that are opened and closed around
/// them. The last event tells the whole response.
/// </summary>
internal sealed class ResponseStreamWriter(IBufferWriter<byte> into, ResponseWriter response) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(into, Wire.Options);
    private readonly List<OutputItem> _items = [];

    /// <summary>The place in the output of each call, by its number.</summary>
    private readonly Dictionary<int, int> _calls = [];

    private string _id = "";

    /// <summary>The answer's id as the client has it already; null where it is made of the provider's.</summary>
    private string? _givenId;

    private string _model = "";
    private Usage? _usage;
    private FinishReason? _finish;
    private bool _begun;
    private int _sequence;

    /// <summary>The item that is thought or said now, or -1; calls stay open until the end, because a provider may go on with any of them.</summary>
    private int _open = -1;

    /// <summary>Goes on with a stream whose beginning others wrote: one message, still open, whose end tells all of its text, behind thinking that shows nothing.</summary>
    public void Continue(BegunAnswer begun)
    {
        (_begun, _id, _givenId, _model, _sequence) = (true, begun.Id, begun.Id, begun.Model, begun.NextEvent);
        _items.AddRange(begun.ThinkingIds.Select(id => new OutputItem(OutputItem.Kind.Thinking, id) { IsClosed = true }));
        _items.Add(new OutputItem(OutputItem.Kind.Message, begun.ItemId).Append(begun.Text));
        _open = _items.Count - 1;
    }

    /// <summary>Writes what an event adds; answers whether that was anything.</summary>
    public bool Write(in ChatDelta delta)
    {
        _id = delta.Id ?? _id;
        _model = delta.Model ?? _model;
        _usage = delta.Usage ?? _usage;
        if (!delta.HasContent && delta.Finish is null)
        {
            return false;
        }

        BeginResponse();
        Say(OutputItem.Kind.Thinking, isRefusal: false, delta.Thinking);
        if (delta.State is { } state)
        {
            Keep(state);
        }

        Say(OutputItem.Kind.Message, isRefusal: false, delta.Text);
        Say(OutputItem.Kind.Message, isRefusal: true, delta.Refusal);
        if (delta.ToolCall is { } call)
        {
            Call(call);
        }

        if (delta.Finish is { } finish)
        {
            _finish = finish;
            CloseAll();
        }

        return true;
    }

    public void WriteEnd()
    {
        BeginResponse();
        CloseAll();
        _finish ??= FinishReason.Stop;
        var isWhole = _finish is not (FinishReason.Length or FinishReason.ContentFilter) || (_finish == FinishReason.ContentFilter && _items.Exists(item => item.IsRefusal));
        WriteResponse(isWhole ? "response.completed"u8 : "response.incomplete"u8);
    }

    /// <summary>Ends a stream that failed.</summary>
    public void WriteError(ChatError error) => WriteError(into, error, _sequence++);

    /// <summary>Ends a stream that failed, whoever wrote its beginning.</summary>
    public static void WriteError(IBufferWriter<byte> into, ChatError error, int sequence)
    {
        into.Write("event: error\ndata: "u8);
        using var json = new Utf8JsonWriter(into, Wire.Options);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteNumber("sequence_number"u8, sequence);
        json.WriteString("code"u8, ErrorShape.Of(error).Code);
        json.WriteString("message"u8, error.Message);
        json.WriteString("param"u8, error.Field);
        Wire.EndEvent(json, into);
    }

    public void Dispose() => _json.Dispose();

    private void BeginResponse()
    {
        if (!_begun)
        {
            _begun = true;
            WriteResponse("response.created"u8);
            WriteResponse("response.in_progress"u8);
        }
    }

    private void Say(OutputItem.Kind what, bool isRefusal, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (_open < 0 || _items[_open].What != what || _items[_open].IsRefusal != isRefusal)
        {
            CloseOpen();
            _open = Add(new OutputItem(what, NewId(what)) { IsRefusal = isRefusal });
        }

        var item = _items[_open];
        if (!item.HasText)
        {
            BeginOf(_open, what == OutputItem.Kind.Thinking ? "response.reasoning_summary_part.added"u8 : "response.content_part.added"u8);
            _json.WritePropertyName("part"u8);
            item.WritePart(_json, "");
            Wire.EndEvent(_json, into);
        }

        item.Append(text);
        BeginOf(_open, what == OutputItem.Kind.Thinking ? "response.reasoning_summary_text.delta"u8 : isRefusal ? "response.refusal.delta"u8 : "response.output_text.delta"u8);
        _json.WriteString("delta"u8, text);
        Wire.EndEvent(_json, into);
    }

    private void Keep(OpaqueState state)
    {
        if (_open < 0 || _items[_open].What != OutputItem.Kind.Thinking)
        {
            CloseOpen();
            _open = Add(new OutputItem(OutputItem.Kind.Thinking, NewId(OutputItem.Kind.Thinking)));
        }

        _items[_open].State = state;
        CloseOpen();
    }

    private void Call(ToolCallDelta call)
    {
        if (call.Name is not null)
        {
            CloseOpen();
            _calls[call.Index] = Add(new OutputItem(OutputItem.Kind.Call, NewId(OutputItem.Kind.Call)) { CallId = call.Id ?? "", Name = call.Name });
        }

        if (!string.IsNullOrEmpty(call.Arguments) && _calls.TryGetValue(call.Index, out var at))
        {
            _items[at].Append(call.Arguments);
            BeginOf(at, "response.function_call_arguments.delta"u8);
            _json.WriteString("delta"u8, call.Arguments);
            Wire.EndEvent(_json, into);
        }
    }

    private int Add(OutputItem item)
    {
        _items.Add(item);
        WriteItem(_items.Count - 1, "response.output_item.added"u8, hasBegunOnly: true);
        return _items.Count - 1;
    }

    private void CloseAll()
    {
        CloseOpen();
        for (var at = 0; at < _items.Count; at++)
        {
            if (!_items[at].IsClosed)
            {
                BeginOf(at, "response.function_call_arguments.done"u8);
                _json.WriteString("name"u8, _items[at].Name);
                _json.WriteString("arguments"u8, _items[at].Text);
                Wire.EndEvent(_json, into);
                Close(at);
            }
        }
    }

    private void CloseOpen()
    {
        if (_open < 0)
        {
            return;
        }

        var item = _items[_open];
        if (item.HasText)
        {
            var isThinking = item.What == OutputItem.Kind.Thinking;
            BeginOf(_open, isThinking ? "response.reasoning_summary_text.done"u8 : item.IsRefusal ? "response.refusal.done"u8 : "response.output_text.done"u8);
            _json.WriteString(item.IsRefusal ? "refusal"u8 : "text"u8, item.Text);
            Wire.EndEvent(_json, into);
            BeginOf(_open, isThinking ? "response.reasoning_summary_part.done"u8 : "response.content_part.done"u8);
            _json.WritePropertyName("part"u8);
            item.WritePart(_json, item.Text);
            Wire.EndEvent(_json, into);
        }

        Close(_open);
        _open = -1;
    }

    private void Close(int at)
    {
        _items[at].IsClosed = true;
        WriteItem(at, "response.output_item.done"u8, hasBegunOnly: false);
    }

    private void WriteItem(int at, ReadOnlySpan<byte> type, bool hasBegunOnly)
    {
        Begin(type);
        _json.WriteNumber("output_index"u8, at);
        _json.WritePropertyName("item"u8);
        _items[at].WriteTo(_json, hasBegunOnly);
        Wire.EndEvent(_json, into);
    }

    private void WriteResponse(ReadOnlySpan<byte> type)
    {
        Begin(type);
        _json.WritePropertyName("response"u8);
        response.Write(_json, _givenId ?? ResponseWriter.AnswerId(_id), _model, _items, _finish, _finish is null ? null : _usage, error: null);
        Wire.EndEvent(_json, into);
    }

    /// <summary>Begins an event about one item.</summary>
    private void BeginOf(int at, ReadOnlySpan<byte> type)
    {
        Begin(type);
        _json.WriteString("item_id"u8, _items[at].Id);
        _json.WriteNumber("output_index"u8, at);
        switch (_items[at].What)
        {
            case OutputItem.Kind.Thinking:
                _json.WriteNumber("summary_index"u8, 0);
                break;
            case OutputItem.Kind.Message:
                _json.WriteNumber("content_index"u8, 0);
                if (!_items[at].IsRefusal && (type.EndsWith("text.delta"u8) || type.EndsWith("text.done"u8)))
                {
                    _json.WriteStartArray("logprobs"u8);
                    _json.WriteEndArray();
                }

                break;
            case OutputItem.Kind.Call:
                break;
        }
    }

    private void Begin(ReadOnlySpan<byte> type)
    {
        into.Write("event: "u8);
        into.Write(type);
        into.Write("\ndata: "u8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        _json.WriteNumber("sequence_number"u8, _sequence++);
    }

    private string NewId(OutputItem.Kind what) => ResponseWriter.ItemId(
        what switch
        {
            OutputItem.Kind.Thinking => "rs",
            OutputItem.Kind.Message => "msg",
            OutputItem.Kind.Call => "fc",
        }, _id, _items.Count);
}
