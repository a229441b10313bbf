using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>
/// What has to be changed in a client's own bytes before a provider of the same protocol takes them: parameters that the model rejects
/// are cut out, others get the provider's name, ids the provider's form. Everything else stays as the client wrote it.
/// </summary>
internal ref struct DialectEdits
{
    private static readonly byte[] AnyObject =
        """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}"""u8.ToArray();

    private readonly ModelSnapshot _model;
    private readonly ChangeList _changes;
    private readonly List<BodyEdit> _edits = [];
    private Utf8JsonReader _json;
    private bool _hasMaxTokens;

    private DialectEdits(ReadOnlySpan<byte> body, ModelSnapshot model, ChangeList changes)
    {
        _json = new Utf8JsonReader(body);
        (_model, _changes) = (model, changes);
    }

    /// <summary>Whether a model's provider speaks a dialect at all; most do not, and their bytes are not looked at twice.</summary>
    public static bool AreNeeded(ModelSnapshot model) =>
        model.Provider.Kind == ProviderKind.OpenAi && (model.Rejects.Count > 0 || model.Provider.Quirks != ProviderQuirks.None);

    /// <summary>The edits of a body that was read once already, so that it is known to be JSON; none when it may pass as it is.</summary>
    public static List<BodyEdit> Find(ReadOnlySpan<byte> body, ModelSnapshot model, ChangeList changes)
    {
        var edits = new DialectEdits(body, model, changes);
        edits._hasMaxTokens = HasMaxTokens(body);
        edits._json.Read();
        edits.ReadRequest();
        return edits._edits;
    }

    private void ReadRequest()
    {
        var cut = new Cut(_edits);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)_json.TokenStartIndex;
            var isCut = false;
            if (_json.ValueTextEquals("messages"u8))
            {
                _json.Read();
                ReadMessages();
            }
            else if (_json.ValueTextEquals("max_completion_tokens"u8))
            {
                // The older name means the same; of two limits the client's older one stays.
                isCut = Rejects("max_completion_tokens") && _hasMaxTokens;
                if (!isCut && Rejects("max_completion_tokens"))
                {
                    Rename(start, "max_completion_tokens", "max_tokens");
                }

                SkipValue();
            }
            else if (_json.ValueTextEquals("seed"u8) && _model.Provider.Quirks.Seed is var seed && seed != "seed" && !Rejects("seed"))
            {
                Rename(start, "seed", seed);
                SkipValue();
            }
            else if (_json.ValueTextEquals("response_format"u8) && _model.Provider.Quirks.JsonObjectBySchema && !Rejects("response_format"))
            {
                ReadFormat();
            }
            else
            {
                var rejected = RejectedName("");
                isCut = rejected is not null;
                if (isCut)
                {
                    _changes.Dropped(rejected!);
                }

                SkipValue();
            }

            cut.Add(start, (int)_json.BytesConsumed, isCut);
        }

        cut.End();
    }

    private void ReadMessages()
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _json.Skip();
            return;
        }

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType == JsonTokenType.StartObject)
            {
                ReadMessage();
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadMessage()
    {
        var cut = new Cut(_edits);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)_json.TokenStartIndex;
            var rejected = RejectedName("messages.");
            var isShort = _model.Provider.Quirks.ShortCallIds;
            if (rejected is not null)
            {
                _changes.Dropped(rejected);
                SkipValue();
            }
            else if (isShort && _json.ValueTextEquals("tool_call_id"u8))
            {
                _json.Read();
                ReadId();
            }
            else if (isShort && _json.ValueTextEquals("tool_calls"u8))
            {
                _json.Read();
                ReadCalls();
            }
            else
            {
                SkipValue();
            }

            cut.Add(start, (int)_json.BytesConsumed, rejected is not null);
        }

        cut.End();
    }

    private void ReadCalls()
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _json.Skip();
            return;
        }

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                _json.Skip();
                continue;
            }

            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                var isId = _json.ValueTextEquals("id"u8);
                _json.Read();
                if (isId)
                {
                    ReadId();
                }
                else
                {
                    _json.Skip();
                }
            }
        }
    }

    private void ReadId()
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            _json.Skip();
            return;
        }

        var (start, id) = ((int)_json.TokenStartIndex, _json.GetString()!);
        var taken = ShortCallId.Of(id);
        if (taken != id)
        {
            _edits.Add(new BodyEdit(start, (int)_json.BytesConsumed, Encoding.ASCII.GetBytes($"\"{taken}\"")));
            _changes.Renamed("messages.tool_calls.id", "nine letters");
        }
    }

    private void ReadFormat()
    {
        _json.Read();
        var start = (int)_json.TokenStartIndex;
        var isAnyObject = false;
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                var isType = _json.ValueTextEquals("type"u8);
                _json.Read();
                isAnyObject |= isType && _json.TokenType == JsonTokenType.String && _json.ValueTextEquals("json_object"u8);
                _json.Skip();
            }
        }

        if (isAnyObject)
        {
            _edits.Add(new BodyEdit(start, (int)_json.BytesConsumed, AnyObject));
        }
    }

    /// <summary>The name of the property that the reader stands on, when the model rejects it.</summary>
    private readonly string? RejectedName(string prefix)
    {
        for (var i = 0; i < _model.Rejects.Count; i++)
        {
            var name = _model.Rejects[i];
            if (name.StartsWith(prefix, StringComparison.Ordinal) && _json.ValueTextEquals(name.AsSpan(prefix.Length)))
            {
                return name;
            }
        }

        return null;
    }

    private readonly bool Rejects(string name) => _model.Rejects.Contains(name, StringComparer.Ordinal);

    private readonly void Rename(int start, string from, string to) =>
        _edits.Add(new BodyEdit(start, start + from.Length + 2, Encoding.ASCII.GetBytes($"\"{to}\"")));

    private void SkipValue()
    {
        _json.Read();
        _json.Skip();
    }

    private static bool HasMaxTokens(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("max_tokens"u8))
            {
                return true;
            }

            json.Read();
            json.Skip();
        }

        return false;
    }

    /// <summary>Cuts properties out of one object, each with the comma that goes with it.</summary>
    private struct Cut(List<BodyEdit> edits)
    {
        private int _openStart = -1;
        private int _openEnd;
        private int _keptEnd = -1;

        public void Add(int start, int end, bool isCut)
        {
            if (isCut)
            {
                _openStart = _openStart < 0 ? start : _openStart;
                _openEnd = end;
                return;
            }

            if (_openStart >= 0)
            {
                // What follows stays: the comma before it goes with what is cut.
                edits.Add(new BodyEdit(_openStart, start, []));
                _openStart = -1;
            }

            _keptEnd = end;
        }

        public readonly void End()
        {
            if (_openStart >= 0)
            {
                edits.Add(new BodyEdit(_keptEnd < 0 ? _openStart : _keptEnd, _openEnd, []));
            }
        }
    }
}
