using ModelMigrate.Gateway.Ingress.OpenAi.Scanning;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Ingress.Scanning;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Passed;

/// <summary>What the scan of an embeddings body looks for. Its answer is never a stream, whatever the body says.</summary>
internal struct EmbeddingReader : IChatFields
{
    private InputScan _input;
    private ReadOnlyMemory<byte> _user;

    public static string Least => "'model' and 'input'";

    public void ReadField(ref BodyScan scan)
    {
        if (scan.Json.ValueTextEquals("input"u8))
        {
            scan.ReadOnce(2, "input");
            _input.Read(ref scan, "input");
        }
        else if (scan.Json.ValueTextEquals("user"u8))
        {
            scan.ReadOnce(3, "user");
            _user = scan.Text("user");
        }
        else
        {
            scan.Json.Skip();
        }
    }

    public readonly RequestProblem? Missing() => _input.IsPresent ? null : BodyProblems.Missing("input", "a string, or an array of strings or tokens");

    public readonly ChatBody Result(in BodyScan scan) => new()
    {
        Operation = Operation.Embedding,
        Bytes = scan.Body,
        Model = scan.Model,
        ModelName = scan.ModelName!,
        AsksUsage = true,
        Choices = _input.Count,
        User = _user,
        FirstUser = _input.Text,
        Untranslatable = UnservedEndpoint.Embeddings,
    };
}
