using System.Net.ServerSentEvents;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Contracts;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>Sends the request of a contract case to a server, and holds the answer against what was expected. Redirects are answers, too.</summary>
internal sealed class ContractProbe(Uri url, ProviderConnections connections)
{
    private const int MostBytes = 32 << 20;
    private const int MostShown = 4000;

    private readonly HttpMessageInvoker _http = connections.For(new ProviderSnapshot { Id = new ProviderId(url.Host), Kind = ProviderKind.OpenAi, BaseUrl = url });

    public async Task<TryResult> TryAsync(ContractCase each, CancellationToken cancel)
    {
        ContractAnswer answer;
        try
        {
            using var request = Request(each.Request);
            using var response = await _http.SendAsync(request, cancel);
            answer = await ReadAsync(response, each.Expects.Events is not null, cancel);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TimeoutException or NotSupportedException)
        {
            return TryResult.Broken($"{each.Request.Method} {url.GetLeftPart(UriPartial.Authority)}{each.Request.Path}: {broken.Message}");
        }

        var faults = ContractCheck.Faults(each.Expects, answer);
        return faults.Count == 0 ? TryResult.Passed($"{each.Request.Method} {each.Request.Path}: {answer.Status}.") : TryResult.Failed(string.Join(' ', faults), answer.Body.Length > MostShown ? answer.Body[..MostShown] + "…" : answer.Body);
    }

    private HttpRequestMessage Request(ContractRequest asked)
    {
        var message = new HttpRequestMessage(new HttpMethod(asked.Method), url.AbsoluteUri.TrimEnd('/') + asked.Path);
        if (asked.Body is { } body)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (!asked.Headers.Any(static header => header.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase)))
            {
                message.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
            }
        }

        foreach (var (name, value) in asked.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static async Task<ContractAnswer> ReadAsync(HttpResponseMessage response, bool isStream, CancellationToken cancel)
    {
        await response.Content.LoadIntoBufferAsync(MostBytes, cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            headers[name] = string.Join(", ", values);
        }

        var events = new List<(string, string)>();
        if (isStream)
        {
            using var stream = new MemoryStream(bytes);
            await foreach (var each in SseParser.Create(stream).EnumerateAsync(cancel))
            {
                events.Add((each.EventType, each.Data));
            }
        }

        return new ContractAnswer((int)response.StatusCode, headers, Encoding.UTF8.GetString(bytes), events);
    }
}
