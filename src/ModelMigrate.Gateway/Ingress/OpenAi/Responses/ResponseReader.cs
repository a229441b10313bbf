using System.Diagnostics.CodeAnalysis;
using System.Text;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>What the scan of a responses body looks for: what routing needs, and whether the neutral language has a word for everything in it.</summary>
internal struct ResponseReader : IChatFields
{
    private ReadOnlyMemory<byte> _user;
    private ReadOnlyMemory<byte> _instructions;
    private ReadOnlyMemory<byte> _previous;
    private ItemScan _input;
    private bool _isUnkept;
    private bool _reasons;
    private bool _asksState;
    private string? _untranslatable;

    public static string Least => "'model' and 'input'";

    /// <summary>Reads a body, or says what is wrong with it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatBody? read, out RequestProblem problem) =>
        BodyScan.TryRead<ResponseReader>(body, out read, out problem);

    public void ReadField(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        if (json.ValueTextEquals("input"u8))
        {
            scan.ReadOnce(2, "input");
            _input.Read(ref scan);
        }
        else if (json.ValueTextEquals("instructions"u8))
        {
            // The provider takes items here, too; a chat takes words.
            scan.ReadOnce(3, "instructions");
            _instructions = BodyProblems.TextOf(ref json, scan.Body);
            _untranslatable ??= json.TokenType is System.Text.Json.JsonTokenType.String or System.Text.Json.JsonTokenType.Null ? null : "instructions";
            json.Skip();
        }
        else if (json.ValueTextEquals("user"u8))
        {
            scan.ReadOnce(4, "user");
            _user = scan.Text("user");
        }
        else if (json.ValueTextEquals("previous_response_id"u8))
        {
            scan.ReadOnce(5, "previous_response_id");
            _previous = scan.Text("previous_response_id");
        }
        else if (json.ValueTextEquals("store"u8))
        {
            scan.ReadOnce(6, "store");
            _isUnkept = json.TokenType == System.Text.Json.JsonTokenType.False;
            json.Skip();
        }
        else
        {
            _reasons |= json.ValueTextEquals("reasoning"u8);
            _asksState |= json.ValueTextEquals("include"u8) && AsksState(json);

            // Read in any case: a field that is not read would end the scan.
            var untranslatable = ResponseRules.Untranslatable(ref scan);
            _untranslatable ??= untranslatable;
        }
    }

    /// <summary>A prompt kept at the provider may stand in place of an input.</summary>
    public readonly RequestProblem? Missing() => null;

    public readonly ChatBody Result(in BodyScan scan) => new()
    {
        Operation = Operation.Responses,
        Bytes = scan.Body,
        Model = scan.Model,
        ModelName = scan.ModelName!,
        Stream = scan.Stream,
        AsksUsage = true,
        User = _user,
        System = _instructions,
        FirstUser = _input.FirstUser,
        HoldsState = _input.HoldsState,
        HasImages = _input.HasImages,
        HoldsRawState = _input.HoldsRawState,

        // Reasoning that the provider keeps does not travel; and what cannot be translated cannot be tagged either.
        AsksThinking = (_asksState || (_reasons && _isUnkept)) && _untranslatable is null && _input.Untranslatable is null,
        IsKept = !_isUnkept,
        Previous = _previous.IsEmpty ? null : Encoding.UTF8.GetString(_previous.Span),
        Untranslatable = _previous.IsEmpty ? _untranslatable ?? _input.Untranslatable : "previous_response_id",
    };

    /// <summary>Looks ahead, at the value of the name that the reader stands on.</summary>
    private static bool AsksState(System.Text.Json.Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != System.Text.Json.JsonTokenType.StartArray)
        {
            return false;
        }

        while (json.Read() && json.TokenType == System.Text.Json.JsonTokenType.String)
        {
            if (json.ValueTextEquals("reasoning.encrypted_content"u8))
            {
                return true;
            }
        }

        return false;
    }
}
