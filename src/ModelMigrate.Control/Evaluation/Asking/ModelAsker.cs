using System.Globalization;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Asking;

/// <summary>Asks one model, with a place under its limit for each try. What can pass is tried again; each row tells how often and why. Thread-safe.</summary>
internal sealed class ModelAsker(ModelSnapshot model, ProviderConnections connections, RunOptions options, TimeProvider time, bool streams = false)
{
    /// <summary>Being asked to slow down is no fault of a row's: it gives up only after so many of them.</summary>
    private const int MostThrottled = 20;

    /// <summary>A provider that asks to wait longer will not answer in this run.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(10);

    private readonly IModelClient[] _clients = [.. model.Calls.Select(call => Adapters.For(call, connections, time))];
    private readonly Backoff _backoff = new(options.Seed);

    public AdaptiveLimit Limit { get; } = new(options.Concurrency, time);

    /// <summary>The answer, or why there is none after all tries. <paramref name="limit"/>: for one try; null for the one of the options.</summary>
    public async Task<AskedAnswer> AskAsync(ChatRequest request, long row, CancellationToken cancel, TimeSpan? limit = null)
    {
        // A model that is served in several places is asked row by row in turn, the same way in every run.
        var place = (int)(row % model.Calls.Count);
        var failed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var tries = 1; ; tries++)
        {
            var entered = await Limit.EnterAsync(cancel);
            var began = time.GetTimestamp();
            ChatAnswer answer;
            TimeSpan? first;
            try
            {
                (answer, first) = await OnceAsync(place, request, limit ?? options.Timeout, cancel);
            }
            finally
            {
                Limit.Leave();
            }

            var took = time.GetElapsedTime(began);
            if (answer.IsOk)
            {
                Limit.Succeeded();
                return Answered(answer.Result, took, first, tries, failed);
            }

            var (kind, retry) = (Word(answer.Error.Kind), failed.Values.Sum());
            var wait = answer.Error.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : _backoff.Next(retry);
            if (answer.Error.Kind == ChatErrorKind.Throttled)
            {
                Limit.Throttled(entered, wait < s_longestWait ? wait : TimeSpan.Zero);
            }

            if (!MayPass(answer.Error.Kind) || wait >= s_longestWait || failed.GetValueOrDefault(kind) >= (answer.Error.Kind == ChatErrorKind.Throttled ? MostThrottled : options.Retries))
            {
                return new AskedAnswer { Error = kind, Message = answer.Error.Message, IsRefused = answer.Error.Reason == RefusalReason.ContentPolicy, Tries = tries, Retries = Words(failed) };
            }

            failed[kind] = failed.GetValueOrDefault(kind) + 1;
            if (answer.Error.Kind != ChatErrorKind.Throttled)
            {
                await Task.Delay(wait, time, cancel);
            }
        }
    }

    private async Task<(ChatAnswer Answer, TimeSpan? First)> OnceAsync(int place, ChatRequest request, TimeSpan limit, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            var call = new ModelCall { Model = model.Calls[place], Request = request };
            if (!streams)
            {
                return (await _clients[place].CompleteAsync(call, both.Token), null);
            }

            var streamed = new StreamedAnswer(time);
            return (await streamed.ReadAsync(_clients[place].StreamAsync(call, both.Token)), streamed.First);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (ChatAnswer.Failed(new ChatError(
                ChatErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"No answer within {limit.TotalSeconds:0.###} s."))), null);
        }
    }

    private AskedAnswer Answered(ChatResult result, TimeSpan took, TimeSpan? first, int tries, SortedDictionary<string, int> failed) => new()
    {
        Text = Text(result),
        Finish = Word(result.Finish),
        Parts = result.Parts.Any(static part => part is ToolCallPart) ? result.Parts : [],
        IsRefused = result.Finish == FinishReason.ContentFilter || result.Parts.Any(static part => part is RefusalPart),
        Model = result.Model,
        InputTokens = result.Usage?.InputTokens,
        OutputTokens = result.Usage?.OutputTokens,
        LatencyMs = took.TotalMilliseconds,
        FirstTokenMs = first?.TotalMilliseconds,
        Cost = result.Usage is { } usage ? model.Cost(usage.InputTokens, usage.OutputTokens) : null,
        Tries = tries,
        Retries = Words(failed),
    };

    /// <summary>What the metrics score: the text, or the calls of tools as their JSON when there is none.</summary>
    private static string Text(ChatResult result)
    {
        var calls = result.Parts.OfType<ToolCallPart>().ToList();
        return result.Text.Length > 0 || calls.Count == 0
            ? result.Text
            : JsonSerializer.Serialize(calls.Select(static call => new { name = call.Name, arguments = call.Arguments }));
    }

    private static bool MayPass(ChatErrorKind kind) => kind switch
    {
        ChatErrorKind.Connection or ChatErrorKind.Timeout or ChatErrorKind.Throttled or ChatErrorKind.Provider or ChatErrorKind.Malformed => true,
        ChatErrorKind.Request or ChatErrorKind.Configuration or ChatErrorKind.UnknownModel or ChatErrorKind.Unavailable => false,
    };

    internal static string Word(ChatErrorKind kind) => kind.ToString().ToLowerInvariant();

    private static string Word(FinishReason finish) => JsonNamingPolicy.SnakeCaseLower.ConvertName(finish.ToString());

    private static string? Words(SortedDictionary<string, int> failed) =>
        failed.Count == 0 ? null : string.Join(' ', failed.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")));
}
