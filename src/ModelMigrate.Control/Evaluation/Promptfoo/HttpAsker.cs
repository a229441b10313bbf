using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Asks a server over plain HTTP. What can pass is tried again. Nothing that is said of a failure holds the address's query or a header. Thread-safe.</summary>
internal sealed class HttpAsker(PromptfooHttp http, ProviderConnections connections, RunOptions options, TimeProvider time)
{
    /// <summary>No answer of a model is longer.</summary>
    private const int MostBytes = 32 << 20;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(10);

    private readonly HttpMessageInvoker _invoker = connections.For(new ProviderSnapshot { Id = new ProviderId("http"), Kind = ProviderKind.OpenAi, BaseUrl = new Uri("http://localhost") });
    private readonly Backoff _backoff = new(options.Seed);

    public async Task<AskedAnswer> AskAsync(string prompt, IReadOnlyDictionary<string, JsonElement> vars, CancellationToken cancel)
    {
        if (http.Request(prompt, vars, out var fault) is not { } request)
        {
            return Failed(ChatErrorKind.Request, fault, 1);
        }

        for (var tries = 1; ; tries++)
        {
            var began = time.GetTimestamp();
            var (text, kind, message, wait) = await OnceAsync(request, cancel);
            if (text is not null)
            {
                return http.Read(text, vars, out fault) is { } output
                    ? new AskedAnswer { Text = output, LatencyMs = time.GetElapsedTime(began).TotalMilliseconds, Tries = tries } : Failed(ChatErrorKind.Malformed, fault, tries);
            }

            wait = wait > TimeSpan.Zero ? wait : _backoff.Next(tries - 1);
            if (kind == ChatErrorKind.Request || tries > options.Retries || wait >= s_longestWait)
            {
                return Failed(kind, message, tries);
            }

            await Task.Delay(wait.Value, time, cancel);
        }
    }

    private async Task<(string? Text, ChatErrorKind Kind, string Message, TimeSpan? Wait)> OnceAsync(PromptfooHttpRequest request, CancellationToken cancel)
    {
        var limit = http.Timeout ?? options.Timeout;
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            using var message = Message(request);
            using var answer = await _invoker.SendAsync(message, both.Token);
            var status = (int)answer.StatusCode;
            if (!answer.IsSuccessStatusCode)
            {
                var kind = status == 429 ? ChatErrorKind.Throttled : status >= 500 || status == 408 ? ChatErrorKind.Provider : ChatErrorKind.Request;
                return (null, kind, string.Create(CultureInfo.InvariantCulture, $"{request.Url.Host} answered {status}."), HttpAnswer.RetryAfter(answer.Headers, time.GetUtcNow()));
            }

            using var body = await HttpAnswer.ReadAsync(answer.Content, MostBytes, both.Token);
            return body is not null ? (Encoding.UTF8.GetString(body.Span), default, "", null) : (null, ChatErrorKind.Request, $"The answer of {request.Url.Host} is larger than {MostBytes >> 20} MB.", null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, ChatErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"No answer within {limit.TotalSeconds:0.###} s."), null);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return (null, ChatErrorKind.Connection, $"{request.Url.Host} cannot be reached, or broke off.", null);
        }
        catch (Exception unfit) when (unfit is FormatException or InvalidOperationException)
        {
            return (null, ChatErrorKind.Request, "A header is none that can be sent.", null);
        }
    }

    private static HttpRequestMessage Message(PromptfooHttpRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url) { Content = request.Body is { } body ? new ByteArrayContent(Encoding.UTF8.GetBytes(body)) : null };
        foreach (var (name, value) in request.Headers)
        {
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                message.Content?.Headers.Add(name, value);
            }
            else
            {
                message.Headers.Add(name, value);
            }
        }

        if (message.Content is { Headers.ContentType: null } content)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue(request.IsJson ? "application/json" : "text/plain");
        }

        return message;
    }

    private static AskedAnswer Failed(ChatErrorKind kind, string message, int tries) => new() { Error = ModelAsker.Word(kind), Message = message, Tries = tries };
}
