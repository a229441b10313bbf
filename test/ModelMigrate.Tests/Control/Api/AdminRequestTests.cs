using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Tests.Control.Api;

/// <summary>Each row of <c>admin-requests.json</c> is one admin call and the status, code and message that it must be answered with.</summary>
public sealed class AdminRequestTests
{
    // Left out: headers are the right token, the body's type is JSON (none when empty), the admin section is the usual one.
    private const string Usual = "admin: { token: \"${TOKEN}\", hosts: [ops.example] }";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    [Fact]
    public async Task EveryRow_OfTheTable_AnsweredExactlyAndServedOn()
    {
        var rows = JsonSerializer.Deserialize<List<Row>>(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Control", "Api", "admin-requests.json")), Json)!;
        Assert.True(rows.Count >= 40);
        Assert.Equal(rows.Count, rows.Select(row => row.Name).Distinct(StringComparer.Ordinal).Count());
        var wrong = new List<string>();
        foreach (var group in rows.GroupBy(row => row.Admin ?? Usual))
        {
            await using var server = await ControlServer.StartAsync(group.Key);
            foreach (var row in group)
            {
                var (status, code, message) = await SendAsync(server, row);
                if ((status, code, message) != (row.Status, row.Code, row.Message))
                {
                    wrong.Add($"{row.Name}: {status} {code} {message}");
                }

                // Nothing in the table moves the migration, and the server serves on.
                Assert.Equal(ControlBench.Config(more: group.Key), await File.ReadAllTextAsync(server.Bench.ConfigFile));
                Assert.Equal("planned", server.Bench.Reading.State.Phase.ToString().ToLowerInvariant());
                using var health = await server.Http.GetAsync("/healthz");
                Assert.True(health.IsSuccessStatusCode, row.Name);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<(int Status, string? Code, string? Message)> SendAsync(ControlServer server, Row row)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), row.Path.Replace("{long}", new string('x', 2000), StringComparison.Ordinal));
        if (row.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Replace("{long}", new string('x', 100_000), StringComparison.Ordinal)));
            if ((row.Type ?? "application/json") is { Length: > 0 } type)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        foreach (var (name, value) in row.Headers ?? new Dictionary<string, string> { ["Authorization"] = "Bearer {token}" })
        {
            request.Headers.TryAddWithoutValidation(name, value.Replace("{token}", ControlBench.Token, StringComparison.Ordinal)
                .Replace("{self}", server.Url.ToString().TrimEnd('/'), StringComparison.Ordinal));
        }

        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.IsSuccessStatusCode)
        {
            return ((int)answer.StatusCode, null, null);
        }

        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{row.Name}: {answer.StatusCode} {text}");
        var problem = JsonSerializer.Deserialize(text, ApiJson.Default.ProblemView)!;
        Assert.Equal((int)answer.StatusCode, problem.Status);
        Assert.Equal(answer.StatusCode == System.Net.HttpStatusCode.Unauthorized, answer.Headers.WwwAuthenticate.Count == 1);
        return (problem.Status, problem.Code, problem.Detail);
    }

    /// <summary>One line of the table.</summary>
    private sealed record Row(
        string Name, string Method, string Path, Dictionary<string, string>? Headers, string? Body, string? Type, string? Admin, int Status, string? Code, string? Message);
}
