using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>
/// Scans a chat completions body once, without building it: what routing needs, where the model's name stands, and whether the
/// neutral language has a word for everything in it. Fields that are not ours to judge pass unread.
/// </summary>
internal ref struct Reader
{
    private readonly ReadOnlyMemory<byte> _body;
    private Utf8JsonReader _json;
    private RequestProblem? _problem;
    private int _seen;
    private (int Start, int End) _model;
    private string? _modelName;
    private bool _stream;
    private bool _asksUsage;
    private (int Start, int End) _usagePlace;
    private byte[]? _usageText;
    private int _choices = 1;
    private ReadOnlyMemory<byte> _user;
    private MessageScan _messages;
    private string? _untranslatable;

    private Reader(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = BodyProblems.MaxDepth });
    }

    /// <summary>Reads a body, or says what is wrong with it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatBody? read, out RequestProblem problem)
    {
        read = null;
        if (BodyProblems.Unreadable(body.Span) is { } unreadable)
        {
            problem = unreadable;
            return false;
        }

        var reader = new Reader(body);
        try
        {
            reader.Scan();
        }
        catch (JsonException e)
        {
            problem = BodyProblems.Broken(e);
            return false;
        }
        catch (InvalidOperationException)
        {
            problem = BodyProblems.HalfPair;
            return false;
        }

        problem = reader._problem ?? BodyProblems.Missing(reader._modelName, reader._messages.IsPresent) ?? default;
        if (problem.Status != 0)
        {
            return false;
        }

        read = reader.Result();
        return true;
    }

    private ChatBody Result()
    {
        var text = _usageText ?? (_stream && !_asksUsage ? """
            "stream_options":{"include_usage":true},
            """u8.ToArray() : null);
        return new ChatBody
        {
            Bytes = _body,
            Model = _model,
            ModelName = _modelName!,
            Stream = _stream,
            AsksUsage = _asksUsage,
            UsagePlace = _usagePlace,
            UsageText = _stream && !_asksUsage ? text : null,
            Choices = _choices,
            User = _user,
            System = _messages.System,
            FirstUser = _messages.FirstUser,
            HoldsState = _messages.HoldsState,
            Untranslatable = _untranslatable ?? _messages.Untranslatable,
        };
    }

    private void Scan()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _problem = RequestProblem.Invalid("invalid_type", "The body must be a JSON object.");
            _json.Skip();
            _json.Read();
            return;
        }

        _usagePlace = ((int)_json.BytesConsumed, (int)_json.BytesConsumed);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            ScanField();
        }

        // Anything after the object is an error, which the reader throws.
        _json.Read();
    }

    private void ScanField()
    {
        if (_json.ValueTextEquals("model"u8))
        {
            Once(0, "model");
            ReadModel();
        }
        else if (_json.ValueTextEquals("messages"u8))
        {
            Once(1, "messages");
            _json.Read();
            if (!_messages.Scan(ref _json, _body))
            {
                Fail(RequestProblem.WrongType("messages", "an array of messages"));
            }
        }
        else if (_json.ValueTextEquals("stream"u8))
        {
            Once(2, "stream");
            _json.Read();
            _stream = _json.TokenType == JsonTokenType.True;
            Require(_json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null, "stream", "true or false");
        }
        else if (_json.ValueTextEquals("stream_options"u8))
        {
            Once(3, "stream_options");
            ReadStreamOptions();
        }
        else if (_json.ValueTextEquals("user"u8))
        {
            Once(4, "user");
            _json.Read();
            Require(_json.TokenType is JsonTokenType.String or JsonTokenType.Null, "user", "a string");
            _user = BodyProblems.TextOf(ref _json, _body);
        }
        else if (_json.ValueTextEquals("n"u8))
        {
            Once(5, "n");
            _json.Read();
            var isCount = _json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out _choices) && _choices is >= 1 and <= 128;
            Require(isCount || _json.TokenType == JsonTokenType.Null, "n", "a number from 1 to 128");
            _choices = isCount ? _choices : 1;
            _untranslatable ??= _choices > 1 ? "n" : null;
        }
        else
        {
            // Read in any case: a field that is not read would end the scan.
            var untranslatable = FieldRules.Untranslatable(ref _json, ref _seen);
            _untranslatable ??= untranslatable;
        }
    }

    private void ReadModel()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String)
        {
            Fail(RequestProblem.WrongType("model", "a string"));
            return;
        }

        _model = ((int)_json.TokenStartIndex, (int)_json.BytesConsumed);
        try
        {
            _modelName = _json.GetString();
        }
        catch (InvalidOperationException)
        {
            Fail(RequestProblem.Invalid("invalid_text", "'model' holds half of a surrogate pair, which is no text.", "model"));
        }
    }

    private void ReadStreamOptions()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
        {
            _usagePlace = ((int)_json.TokenStartIndex, (int)_json.BytesConsumed);
            _usageText = """{"include_usage":true}"""u8.ToArray();
            return;
        }

        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Fail(RequestProblem.WrongType("stream_options", "an object"));
            return;
        }

        var at = (int)_json.BytesConsumed;
        var isEmpty = true;
        var seen = false;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            if (!_json.ValueTextEquals("include_usage"u8))
            {
                _json.Skip();
                continue;
            }

            if (seen)
            {
                Fail(BodyProblems.Twice("stream_options.include_usage"));
            }

            seen = true;
            _json.Read();
            _asksUsage = _json.TokenType == JsonTokenType.True;
            Require(_json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null, "stream_options.include_usage", "true or false");
            _usagePlace = ((int)_json.TokenStartIndex, (int)_json.BytesConsumed);
            _usageText = "true"u8.ToArray();
        }

        if (!seen)
        {
            _usagePlace = (at, at);
            _usageText = Encoding.ASCII.GetBytes(isEmpty ? "\"include_usage\":true" : "\"include_usage\":true,");
        }
    }

    private void Once(int field, string name)
    {
        if ((_seen & (1 << field)) != 0)
        {
            Fail(BodyProblems.Twice(name));
        }

        _seen |= 1 << field;
    }

    private void Require(bool isFine, string field, string wanted)
    {
        if (!isFine)
        {
            Fail(RequestProblem.WrongType(field, wanted));
        }
    }

    /// <summary>Keeps the first problem and reads on, because the rest must still be JSON.</summary>
    private void Fail(RequestProblem problem)
    {
        _problem ??= problem;
        if (_json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            _json.Skip();
        }
    }
}
