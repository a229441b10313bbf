using ModelMigrate.Gateway.Ingress.OpenAi.Scanning;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Passed;

/// <summary>
/// What the scan of a legacy completions body looks for. There is no translation: to go on with a text is not to answer a message, and a
/// chat model asked for the one does the other.
/// </summary>
internal struct CompletionReader : IChatFields
{
    private UsageWish _usage;
    private InputScan _prompt;
    private int _choices;
    private ReadOnlyMemory<byte> _user;

    public static string Least => "'model' and 'prompt'";

    public void ReadField(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        if (json.ValueTextEquals("prompt"u8))
        {
            scan.ReadOnce(2, "prompt");
            _prompt.Read(ref scan, "prompt");
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
        }
        else
        {
            json.Skip();
        }
    }

    public readonly RequestProblem? Missing() => _prompt.IsPresent ? null : BodyProblems.Missing("prompt", "a string, or an array of strings or tokens");

    public readonly ChatBody Result(in BodyScan scan) => new()
    {
        Operation = Operation.Completion,
        Bytes = scan.Body,
        Model = scan.Model,
        ModelName = scan.ModelName!,
        Stream = scan.Stream,
        AsksUsage = _usage.IsAsked,
        UsagePlace = _usage.PlaceIn(scan),
        UsageText = _usage.TextFor(scan),
        Choices = Math.Max(1, _choices) * _prompt.Count,
        User = _user,
        FirstUser = _prompt.Text,
        Untranslatable = UnservedEndpoint.Completions,
    };
}
