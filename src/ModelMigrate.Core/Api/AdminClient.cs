using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ModelMigrate.Core.Api;

/// <summary>
/// The admin API for programs. The client's base address is the server's; its default headers carry the token. Every call
/// answers a value or a problem; a server that cannot be reached throws <see cref="HttpRequestException"/>.
/// </summary>
public sealed class AdminClient(HttpClient http)
{
    public Task<(StatusView? Value, ProblemView? Problem)> StatusAsync(CancellationToken cancel = default) =>
        GetAsync("api/v1/status", ApiJson.Default.StatusView, cancel);

    public Task<(IReadOnlyList<MigrationSummary>? Value, ProblemView? Problem)> MigrationsAsync(CancellationToken cancel = default) =>
        GetAsync("api/v1/migrations", ApiJson.Default.IReadOnlyListMigrationSummary, cancel);

    public Task<(MigrationDetail? Value, ProblemView? Problem)> MigrationAsync(string id, CancellationToken cancel = default) =>
        GetAsync($"api/v1/migrations/{Uri.EscapeDataString(id)}", ApiJson.Default.MigrationDetail, cancel);

    public Task<(IReadOnlyList<GateView>? Value, ProblemView? Problem)> EvidenceAsync(string id, CancellationToken cancel = default) =>
        GetAsync($"api/v1/migrations/{Uri.EscapeDataString(id)}/evidence", ApiJson.Default.IReadOnlyListGateView, cancel);

    public Task<(IReadOnlyList<RouteView>? Value, ProblemView? Problem)> RoutesAsync(CancellationToken cancel = default) =>
        GetAsync("api/v1/routes", ApiJson.Default.IReadOnlyListRouteView, cancel);

    /// <summary>What was measured of a route's traffic in the last days while migrations ran on it.</summary>
    public Task<(TrafficView? Value, ProblemView? Problem)> TrafficAsync(string route, int days = 7, CancellationToken cancel = default) =>
        GetAsync($"api/v1/routes/{Uri.EscapeDataString(route)}/traffic?days={days}", ApiJson.Default.TrafficView, cancel);

    public Task<(IReadOnlyList<ModelView>? Value, ProblemView? Problem)> ModelsAsync(CancellationToken cancel = default) =>
        GetAsync("api/v1/models", ApiJson.Default.IReadOnlyListModelView, cancel);

    /// <summary>Journal entries, newest first; of one migration, and at most <paramref name="limit"/>.</summary>
    public Task<(IReadOnlyList<EventView>? Value, ProblemView? Problem)> EventsAsync(
        string? migration = null, int limit = 100, CancellationToken cancel = default) =>
        GetAsync(
            $"api/v1/events?limit={limit}" + (migration is null ? "" : $"&migration={Uri.EscapeDataString(migration)}"),
            ApiJson.Default.IReadOnlyListEventView,
            cancel);

    /// <summary>Asks one verb (<c>start</c>, <c>pause</c> …) of a migration.</summary>
    public Task<(MigrationDetail? Value, ProblemView? Problem)> ActAsync(
        string id, string verb, string? reason = null, string? actor = null, CancellationToken cancel = default) =>
        PostAsync(
            $"api/v1/migrations/{Uri.EscapeDataString(id)}/{Uri.EscapeDataString(verb)}",
            new ActionRequest { Reason = reason, Actor = actor },
            cancel);

    /// <summary>Rolls back. When it answers, no further request starts on the target.</summary>
    public Task<(MigrationDetail? Value, ProblemView? Problem)> RollbackAsync(
        string id, string? reason = null, string? actor = null, CancellationToken cancel = default) =>
        PostAsync("api/v1/rollback", new ActionRequest { MigrationId = id, Reason = reason, Actor = actor }, cancel);

    /// <summary>The report as Markdown or JSON text.</summary>
    public Task<(string? Value, ProblemView? Problem)> ReportAsync(string id, string format = "md", CancellationToken cancel = default) =>
        GetTextAsync($"api/v1/migrations/{Uri.EscapeDataString(id)}/report?format={Uri.EscapeDataString(format)}", cancel);

    /// <summary>The runbook as Markdown.</summary>
    public Task<(string? Value, ProblemView? Problem)> RunbookAsync(string id, CancellationToken cancel = default) =>
        GetTextAsync($"api/v1/migrations/{Uri.EscapeDataString(id)}/runbook", cancel);

    /// <summary>Specification, journal, blocks and ticks as JSON lines. The caller disposes the stream.</summary>
    public async Task<(Stream? Value, ProblemView? Problem)> ExportAsync(string id, CancellationToken cancel = default)
    {
        var response = await http.GetAsync(
            $"api/v1/migrations/{Uri.EscapeDataString(id)}/export", HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
        {
            return (await response.Content.ReadAsStreamAsync(cancel), null);
        }

        using (response)
        {
            return (null, await ReadProblemAsync(response, cancel));
        }
    }

    private async Task<(T? Value, ProblemView? Problem)> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class
    {
        using var response = await http.GetAsync(path, cancel);
        return await ReadAsync(response, type, cancel);
    }

    private async Task<(string? Value, ProblemView? Problem)> GetTextAsync(string path, CancellationToken cancel)
    {
        using var response = await http.GetAsync(path, cancel);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadAsStringAsync(cancel), null)
            : (null, await ReadProblemAsync(response, cancel));
    }

    private async Task<(MigrationDetail? Value, ProblemView? Problem)> PostAsync(string path, ActionRequest body, CancellationToken cancel)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body, ApiJson.Default.ActionRequest), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        using var response = await http.PostAsync(path, content, cancel);
        return await ReadAsync(response, ApiJson.Default.MigrationDetail, cancel);
    }

    private static async Task<(T? Value, ProblemView? Problem)> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class
    {
        if (!response.IsSuccessStatusCode)
        {
            return (null, await ReadProblemAsync(response, cancel));
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        return (await JsonSerializer.DeserializeAsync(body, type, cancel), null);
    }

    private static async Task<ProblemView> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            if (await JsonSerializer.DeserializeAsync(body, ApiJson.Default.ProblemView, cancel) is { } problem)
            {
                return problem;
            }
        }
        catch (JsonException)
        {
            // A proxy's page in between: the status says what there is to say.
        }

        return new ProblemView { Title = response.ReasonPhrase ?? "Error", Status = status, Code = "not_a_problem_document" };
    }
}
