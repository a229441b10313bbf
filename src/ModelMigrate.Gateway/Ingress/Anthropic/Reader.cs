using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Gateway.Ingress.Anthropic.Translating;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>What the scan of a messages body looks for: what routing needs, and whether the neutral language has a word for everything in it.</summary>
internal struct Reader : IChatFields
{
    private bool _thinks;
    private ReadOnlyMemory<byte> _user;
    private ReadOnlyMemory<byte> _system;
    private MessageScan _messages;
    private string? _untranslatable;

    public static string Least => "'model' and 'messages'";

    /// <summary>Reads a body, or says what is wrong with it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatBody? read, out RequestProblem problem) =>
        BodyScan.TryRead<Reader>(body, out read, out problem);

    public void ReadField(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        if (json.ValueTextEquals("messages"u8))
        {
            scan.ReadOnce(2, "messages");
            if (!_messages.Scan(ref json, scan.Body))
            {
                scan.Fail(RequestProblem.WrongType("messages", "an array of messages"));
            }
        }
        else if (json.ValueTextEquals("system"u8))
        {
            scan.ReadOnce(3, "system");
            scan.Require(json.TokenType is JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.Null, "system", "a string or an array of text blocks");
            ReadSystem(ref scan);
        }
        else if (json.ValueTextEquals("metadata"u8))
        {
            scan.ReadOnce(4, "metadata");
            ReadMetadata(ref scan);
        }
        else
        {
            _thinks |= json.ValueTextEquals("thinking"u8);

            // Read in any case: a field that is not read would end the scan.
            var untranslatable = FieldRules.Untranslatable(ref scan);
            _untranslatable ??= untranslatable;
        }
    }

    public readonly RequestProblem? Missing() => _messages.IsPresent ? null : BodyProblems.Missing("messages", "an array of messages");

    public readonly ChatBody Result(in BodyScan scan) => new()
    {
        Protocol = ProviderKind.Anthropic,
        Bytes = scan.Body,
        Model = scan.Model,
        ModelName = scan.ModelName!,
        Stream = scan.Stream,
        AsksUsage = true,
        User = _user,
        System = _system,
        FirstUser = _messages.FirstUser,
        HoldsState = _messages.HoldsState,
        HoldsRawState = _messages.HoldsRawState,
        AsksThinking = _thinks,
        HasImages = _messages.HasImages,
        Untranslatable = _untranslatable ?? _messages.Untranslatable,
    };

    /// <summary>The blocks' own JSON serves as key text: it is as stable as their texts.</summary>
    private void ReadSystem(ref BodyScan scan)
    {
        var start = (int)scan.Json.TokenStartIndex;
        if (scan.Json.TokenType == JsonTokenType.StartArray)
        {
            scan.Json.Skip();
            _system = scan.Body[start..(int)scan.Json.BytesConsumed];
        }
        else
        {
            _system = BodyProblems.TextOf(ref scan.Json, scan.Body);
        }
    }

    private void ReadMetadata(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            scan.Require(json.TokenType == JsonTokenType.Null, "metadata", "an object");
            return;
        }

        while (JsonWalk.NextName(ref json))
        {
            var isUser = json.ValueTextEquals("user_id"u8);
            json.Read();
            if (isUser)
            {
                _user = scan.Text("metadata.user_id");
            }

            json.Skip();
        }
    }
}
