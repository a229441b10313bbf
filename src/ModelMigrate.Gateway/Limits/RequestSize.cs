using System.Runtime.InteropServices;
using System.Text.Json;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Limits;

/// <summary>
/// What a request may come to, before a model has counted it. No tokenizer is at hand: text has about four bytes to a token, and never more
/// tokens than bytes.
/// </summary>
/// <param name="LikelyInput">Input tokens at four bytes each.</param>
/// <param name="MostInput">Input tokens at one byte each: a bound for everything that stands in the body.</param>
/// <param name="MostOutput">The longest answer: the request's limit, else the largest of the route's models', else <see cref="UnlimitedOutput"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestSize(long LikelyInput, long MostInput, long MostOutput)
{
    /// <summary>Tokens set aside for an answer that nothing limits.</summary>
    public const int UnlimitedOutput = 4096;

    private const int BytesAToken = 4;

    public long LikelyTokens => LikelyInput + MostOutput;

    public long MostTokens => MostInput + MostOutput;

    public static RequestSize Of(ChatBody body, RouteSnapshot route)
    {
        var length = body.Bytes.Length;
        var output = body.Operation == Operation.Embedding ? 0 : OutputOf(body.Bytes.Span, route);
        return new RequestSize((length + BytesAToken - 1) / BytesAToken, length, output);
    }

    /// <summary>US dollars at most, by the dearest of the route's models; null when none has a price.</summary>
    public decimal? MostCost(RouteSnapshot route)
    {
        decimal? most = null;
        foreach (var model in route.Models)
        {
            var cost = model.Cost(MostInput, MostOutput);
            most = cost > (most ?? -1) ? cost : most;
        }

        return most;
    }

    private static long OutputOf(ReadOnlySpan<byte> body, RouteSnapshot route)
    {
        var (limit, choices) = IsObject(body) ? Scan(body) : (null, 1);
        return (limit ?? route.Models.Max(static model => model.MaxOutputTokens) ?? UnlimitedOutput) * choices;
    }

    // Not every body is JSON: recordings come in parts.
    private static bool IsObject(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>The limit of the answer's length in any of the protocols' words, and how many answers are asked for.</summary>
    private static (long? Limit, long Choices) Scan(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
        long? limit = null;
        var choices = 1L;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isLimit = json.ValueTextEquals("max_tokens"u8) || json.ValueTextEquals("max_completion_tokens"u8) || json.ValueTextEquals("max_output_tokens"u8);
            var isChoices = json.ValueTextEquals("n"u8) || json.ValueTextEquals("best_of"u8);
            json.Read();
            if ((isLimit || isChoices) && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number is > 0 and <= int.MaxValue)
            {
                limit = isLimit ? Math.Max(limit ?? 0, number) : limit;
                choices = isChoices ? Math.Max(choices, Math.Min(number, 128)) : choices;
            }

            json.Skip();
        }

        return (limit, choices);
    }
}
