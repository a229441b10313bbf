using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Sends answers to addresses that a configuration names, and reads <c>{pass, score, reason}</c>. Follows no redirection. Asked by any number at once; owns its connections.</summary>
/// <param name="http">Carries the calls.</param>
/// <param name="mode">Whose rules.</param>
/// <param name="limit">For one call.</param>
/// <param name="time">Measures it.</param>
internal sealed class WebhookCaller(HttpMessageInvoker http, PromptfooMode mode, TimeSpan limit, TimeProvider time) : IDisposable
{
    /// <summary>promptfoo's.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private const int MostBytes = 1 << 20;

    public async Task<OutsideResult> AskAsync(OutsideTask task, JsonNode? output, JsonNode context, CancellationToken cancel)
    {
        if (!Uri.TryCreate(task.Value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return Without("the value is no address");
        }

        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(new JsonObject { ["output"] = output, ["context"] = context }.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            using var response = await http.SendAsync(request, both.Token);
            using var body = response.IsSuccessStatusCode ? await HttpAnswer.ReadAsync(response.Content, MostBytes, both.Token) : null;
            return (int)response.StatusCode is >= 300 and < 400 ? Without($"it answered {(int)response.StatusCode}: another address is not followed{(response.Headers.Location is { } other ? $", write {other}" : "")}")
                : !response.IsSuccessStatusCode ? Without(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode}"))
                : body is not null ? Read(body.Span, task.Assertion) : Without($"it said more than {MostBytes >> 20} MB");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Without(string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.###} s"));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Without(broken.Message);
        }
    }

    public void Dispose() => http.Dispose();

    private OutsideResult Read(ReadOnlySpan<byte> body, PromptfooAssertion assertion)
    {
        JsonElement said;
        try
        {
            said = JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return Without("it answered no JSON");
        }

        if (said.ValueKind != JsonValueKind.Object)
        {
            return Without("it answered no group of keys");
        }

        var pass = Member(said, "pass") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : (bool?)null;
        var score = Member(said, "score") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : (double?)null;
        var reason = Member(said, "reason") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        if (mode == PromptfooMode.Compat)
        {
            // What is neither true nor false passes, also with not-.
            return new OutsideResult { Pass = pass ?? !assertion.IsInverse, Score = score, TurnsScore = true, Reason = reason };
        }

        return pass is null && score is null ? Without("it answered neither pass nor score")
            : new OutsideResult { Pass = pass ?? (assertion.Threshold is { } least ? score >= least : score > 0), Score = score, TurnsScore = true, Reason = reason };
    }

    private static JsonElement? Member(JsonElement group, string name) => group.TryGetProperty(name, out var value) ? value : null;

    private static OutsideResult Without(string why) => new() { Missing = $"The webhook gave no verdict: {why}." };
}
