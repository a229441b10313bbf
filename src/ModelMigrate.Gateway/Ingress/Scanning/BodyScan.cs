using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>
/// One scan over a JSON body, without building it: finds where the model's name stands, keeps the first problem, and hands every field
/// that is a protocol's own to that protocol. Fields that are not ours to judge pass unread.
/// </summary>
internal ref struct BodyScan
{
    private RequestProblem? _problem;
    private int _seen;

    public BodyScan(ReadOnlyMemory<byte> body)
    {
        Body = body;
        Json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = BodyProblems.MaxDepth });
    }

    /// <summary>Stands on the field being read.</summary>
    public Utf8JsonReader Json;

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Where the model's JSON string stands, quotes included.</summary>
    public (int Start, int End) Model { get; private set; }

    public string? ModelName { get; private set; }

    public bool Stream { get; private set; }

    /// <summary>Where the first field could be put.</summary>
    public int Inside { get; private set; }

    /// <summary>Reads a body, or says what is wrong with it.</summary>
    public static bool TryRead<TFields>(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatBody? read, out RequestProblem problem)
        where TFields : struct, IChatFields
    {
        var scan = new BodyScan(body);
        var fields = default(TFields);
        read = scan.TryRun(ref fields, out problem) ? fields.Result(scan) : null;
        return read is not null;
    }

    /// <summary>Reads the whole body, or says what is wrong with it.</summary>
    public bool TryRun<TFields>(ref TFields fields, out RequestProblem problem)
        where TFields : struct, IBodyFields
    {
        if (BodyProblems.Unreadable(Body.Span, TFields.Least) is { } unreadable)
        {
            problem = unreadable;
            return false;
        }

        try
        {
            Run(ref fields);
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

        problem = _problem ?? (ModelName is null ? BodyProblems.NoModel : fields.Missing()) ?? default;
        return problem.Status == 0;
    }

    /// <summary>Notes that a field was met; <paramref name="bit"/> is 2 to 31, the protocol's own number of it. False when it was before.</summary>
    public bool IsFirst(int bit)
    {
        var isFirst = (_seen & (1 << bit)) == 0;
        _seen |= 1 << bit;
        return isFirst;
    }

    /// <summary>Goes on to the value of a field that must not stand twice.</summary>
    public void ReadOnce(int bit, string name)
    {
        if (!IsFirst(bit))
        {
            Fail(BodyProblems.Twice(name));
        }

        Json.Read();
    }

    public void Require(bool isFine, string field, string wanted)
    {
        if (!isFine)
        {
            Fail(RequestProblem.WrongType(field, wanted));
        }
    }

    /// <summary>Reads a text that may be null, as it stands between its quotes.</summary>
    public ReadOnlyMemory<byte> Text(string field)
    {
        Require(Json.TokenType is JsonTokenType.String or JsonTokenType.Null, field, "a string");
        return BodyProblems.TextOf(ref Json, Body);
    }

    /// <summary>Reads true or false; null is false.</summary>
    public bool Flag(string field)
    {
        Require(Json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null, field, "true or false");
        return Json.TokenType == JsonTokenType.True;
    }

    /// <summary>Reads how many answers are wanted for each prompt; null is one.</summary>
    public int Choices(string field)
    {
        var choices = 1;
        var isCount = Json.TokenType == JsonTokenType.Number && Json.TryGetInt32(out choices) && choices is >= 1 and <= 128;
        Require(isCount || Json.TokenType == JsonTokenType.Null, field, "a number from 1 to 128");
        return isCount ? choices : 1;
    }

    /// <summary>Keeps the first problem and reads on, because the rest must still be JSON.</summary>
    public void Fail(RequestProblem problem)
    {
        _problem ??= problem;
        if (Json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            Json.Skip();
        }
    }

    private void Run<TFields>(ref TFields fields)
        where TFields : struct, IBodyFields
    {
        Json.Read();
        if (Json.TokenType != JsonTokenType.StartObject)
        {
            Fail(RequestProblem.Invalid("invalid_type", "The body must be a JSON object."));
            Json.Read();
            return;
        }

        Inside = (int)Json.BytesConsumed;
        while (JsonWalk.NextName(ref Json))
        {
            if (Json.ValueTextEquals("model"u8))
            {
                ReadOnce(0, "model");
                ReadModel();
            }
            else if (Json.ValueTextEquals("stream"u8))
            {
                ReadOnce(1, "stream");
                Stream = Flag("stream");
            }
            else
            {
                fields.ReadField(ref this);
            }
        }

        // Anything after the object is an error, which the reader throws.
        Json.Read();
    }

    private void ReadModel()
    {
        if (Json.TokenType != JsonTokenType.String)
        {
            Fail(RequestProblem.WrongType("model", "a string"));
            return;
        }

        Model = ((int)Json.TokenStartIndex, (int)Json.BytesConsumed);
        try
        {
            ModelName = Json.GetString();
        }
        catch (InvalidOperationException)
        {
            Fail(RequestProblem.Invalid("invalid_text", "'model' holds half of a surrogate pair, which is no text.", "model"));
        }
    }
}
