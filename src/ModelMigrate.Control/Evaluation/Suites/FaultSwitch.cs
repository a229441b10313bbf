using System.Net;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Suites;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>Sets the faults of a simulated provider, and takes them back.</summary>
internal sealed class FaultSwitch(ChaosFaults faults, ProviderConnections connections, TimeProvider time)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = connections.For(new ProviderSnapshot { Id = new ProviderId("faults"), Kind = ProviderKind.OpenAi, BaseUrl = faults.At });
    private string? _before;

    /// <summary>Null, or why they are not set.</summary>
    public async Task<string?> SetAsync(CancellationToken cancel)
    {
        var (before, problem) = await SendAsync(HttpMethod.Get, body: null, cancel);
        _before = before;
        return problem ?? (await SendAsync(HttpMethod.Post, JsonSerializer.Serialize(faults.Set.ToDictionary(StringComparer.Ordinal)), cancel)).Problem;
    }

    /// <summary>Null, or why they could not be taken back; also when the run was stopped.</summary>
    public async Task<string?> TakeBackAsync() => _before is null ? null : (await SendAsync(HttpMethod.Post, _before, CancellationToken.None)).Problem;

    private async Task<(string? Text, string? Problem)> SendAsync(HttpMethod method, string? body, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(method, faults.At.AbsoluteUri.TrimEnd('/') + "/faults") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var response = await _http.SendAsync(request, both.Token);
            var text = await response.Content.ReadAsStringAsync(both.Token);
            return response.StatusCode == HttpStatusCode.OK ? (text, null) : (null, $"{request.RequestUri} answered {(int)response.StatusCode}: {text.ReplaceLineEndings(" ")}");
        }
        catch (Exception broken) when (broken is HttpRequestException or TimeoutException or IOException || (broken is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return (null, $"{faults.At}: {broken.Message} Name a simulated provider's address, without /v1.");
        }
    }
}
