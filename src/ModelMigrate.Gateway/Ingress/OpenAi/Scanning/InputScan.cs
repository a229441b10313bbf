using System.Text.Json;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Scanning;

/// <summary>Scans texts to work on: a string, an array of strings, an array of tokens, or an array of arrays of tokens.</summary>
internal struct InputScan
{
    public bool IsPresent { get; private set; }

    /// <summary>How many texts; 1 where the provider will have to say that there is none.</summary>
    public int Count { get; private set; }

    /// <summary>The text, or the array as it stands, for the sticky key.</summary>
    public ReadOnlyMemory<byte> Text { get; private set; }

    /// <summary>Reads the value that the scan stands on.</summary>
    public void Read(ref BodyScan scan, string field)
    {
        ref var json = ref scan.Json;
        (IsPresent, Count) = (true, 1);
        if (json.TokenType != JsonTokenType.StartArray)
        {
            scan.Require(json.TokenType == JsonTokenType.String, field, "a string, or an array of strings or tokens");
            Text = BodyProblems.TextOf(ref json, scan.Body);
            return;
        }

        var start = (int)json.TokenStartIndex;
        var texts = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts += json.TokenType == JsonTokenType.Number ? 0 : 1;
            json.Skip();
        }

        Count = Math.Max(1, texts);
        Text = scan.Body[start..(int)json.BytesConsumed];
    }
}
