using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Gateway.Ingress.OpenAi.Scanning;
using ModelMigrate.Gateway.Ingress.OpenAi.Translating;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>
/// What the scan of a chat completions body looks for: what routing needs, how to ask for usage, and whether the neutral language has a
/// word for everything in it.
/// </summary>
internal struct Reader : IChatFields
{
    private UsageWish _usage;
    private int _choices;
    private ReadOnlyMemory<byte> _user;
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
        else if (json.ValueTextEquals("stream_options"u8))
        {
            scan.ReadOnce(3, "stream_options");
            _usage.Read(ref scan);
        }
        else if (json.ValueTextEquals("user"u8))
        {
            scan.ReadOnce(4, "user");
            _user = scan.Text("user");
        }
        else if (json.ValueTextEquals("n"u8))
        {
            scan.ReadOnce(5, "n");
            _choices = scan.Choices("n");
            _untranslatable ??= _choices > 1 ? "n" : null;
        }
        else
        {
            // Read in any case: a field that is not read would end the scan.
            var untranslatable = FieldRules.Untranslatable(ref scan);
            _untranslatable ??= untranslatable;
        }
    }

    public readonly RequestProblem? Missing() => _messages.IsPresent ? null : BodyProblems.Missing("messages", "an array of messages");

    public readonly ChatBody Result(in BodyScan scan) => new()
    {
        Bytes = scan.Body,
        Model = scan.Model,
        ModelName = scan.ModelName!,
        Stream = scan.Stream,
        AsksUsage = _usage.IsAsked,
        UsagePlace = _usage.PlaceIn(scan),
        UsageText = _usage.TextFor(scan),
        Choices = Math.Max(1, _choices),
        User = _user,
        System = _messages.System,
        FirstUser = _messages.FirstUser,
        HoldsState = _messages.HoldsState,
        HasImages = _messages.HasImages,
        HasAudio = _messages.HasAudio,
        Untranslatable = _untranslatable ?? _messages.Untranslatable,
    };
}
