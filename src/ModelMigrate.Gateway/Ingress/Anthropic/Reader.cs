using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Exchange;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>
/// Scans a messages body once, without building it: what routing needs, where the model's name stands, and whether the neutral language
/// has a word for everything in it. Fields that are not ours to judge pass unread.
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
    private bool _thinks;
    private ReadOnlyMemory<byte> _user;
    private ReadOnlyMemory<byte> _system;
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

    private ChatBody Result() => new()
    {
        Protocol = ProviderKind.Anthropic,
        Bytes = _body,
        Model = _model,
        ModelName = _modelName!,
        Stream = _stream,
        AsksUsage = true,
        User = _user,
        System = _system,
        FirstUser = _messages.FirstUser,
        HoldsState = _messages.HoldsState,
        AsksThinking = _thinks,
        Untranslatable = _untranslatable ?? _messages.Untranslatable,
    };

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
        else if (_json.ValueTextEquals("system"u8))
        {
            Once(3, "system");
            _json.Read();
            Require(_json.TokenType is JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.Null, "system", "a string or an array of text blocks");
            ReadSystem();
        }
        else if (_json.ValueTextEquals("metadata"u8))
        {
            Once(4, "metadata");
            _json.Read();
            ReadMetadata();
        }
        else
        {
            _thinks |= _json.ValueTextEquals("thinking"u8);
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

    /// <summary>The blocks' own JSON serves as key text: it is as stable as their texts.</summary>
    private void ReadSystem()
    {
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            _json.Skip();
            _system = _body[start..(int)_json.BytesConsumed];
        }
        else
        {
            _system = BodyProblems.TextOf(ref _json, _body);
        }
    }

    private void ReadMetadata()
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Require(_json.TokenType == JsonTokenType.Null, "metadata", "an object");
            return;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isUser = _json.ValueTextEquals("user_id"u8);
            _json.Read();
            if (isUser)
            {
                Require(_json.TokenType is JsonTokenType.String or JsonTokenType.Null, "metadata.user_id", "a string");
                _user = BodyProblems.TextOf(ref _json, _body);
            }

            _json.Skip();
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
