using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Killing;

/// <summary><c>serve</c> as a real process between two upstreams, to be killed and started again on the same data.</summary>
internal sealed partial class KillableServer : IAsyncDisposable
{
    public const string Id = "MIG-kill";

    /// <summary>128 + SIGKILL.</summary>
    private const int Killed = 137;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-kill-");
    private readonly HttpClient _http = new(new SocketsHttpHandler(), disposeHandler: true) { Timeout = TimeSpan.FromSeconds(10) };
    private StubUpstream _source = null!;
    private ChildProcess? _process;
    private int _user;

    public StubUpstream Target { get; private set; } = null!;

    public AdminClient Admin { get; private set; } = null!;

    private string Config => Path.Combine(_folder.FullName, "model-migrate.yaml");

    private string Data => Path.Combine(_folder.FullName, "data");

    private Uri Url { get; set; } = null!;

    /// <param name="migration">The migration's settings, as between braces.</param>
    public static async Task<KillableServer> CreateAsync(string migration)
    {
        var server = new KillableServer
        {
            _source = await StubUpstream.StartAsync(StubUpstream.Json(
                """{"id":"c","object":"chat.completion","created":1,"model":"old-1","choices":[{"index":0,"message":{"role":"assistant","content":"OK"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""")),
            Target = await StubUpstream.StartAsync(StubUpstream.Json(
                """{"id":"m","type":"message","role":"assistant","model":"new-1","content":[{"type":"text","text":"OK"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""")),
        };
        await File.WriteAllTextAsync(server.Config, $$"""
            providers:
              here: { kind: openai, baseUrl: "{{server._source.Url.ToString().TrimEnd('/')}}/v1" }
              there: { kind: anthropic, baseUrl: "{{server.Target.Url.ToString().TrimEnd('/')}}" }
            models:
              old: here
              new: { provider: there, maxOutputTokens: 64 }
            routes:
              chat: old
            migrations:
              {{Id}}: { route: chat, to: new, start: auto, {{migration}} }

            """);
        return server;
    }

    /// <summary>Starts the process; false when it died before it listened, as a crash point at the first publish makes it.</summary>
    public async Task<bool> StartAsync(string? crashPoint)
    {
        var environment = new Dictionary<string, string>();
        if (crashPoint is not null)
        {
            environment["MODEL_MIGRATE_CRASH_POINT"] = crashPoint;
        }

        // The signal of a file that may not grow would end the process; ignored, the write fails as on a full disk.
        _process = ChildProcess.Start(
            "/bin/sh",
            ["-c", "trap '' XFSZ; exec \"$@\"", "sh", "dotnet", ChildProcess.ModelMigrate, "serve", "--config", Config, "--data", Data, "--urls", "http://127.0.0.1:0", "--json"],
            environment);
        try
        {
            var url = await _process.WaitForAsync(line => Listening().Match(line) is { Success: true } match ? match.Value : null, s_patience);
            Url = new Uri(url);
        }
        catch (Xunit.Sdk.XunitException) when (crashPoint is not null && _process.HasExited)
        {
            return false;
        }

        Admin = new AdminClient(new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = Url });
        return true;
    }

    /// <summary>Lets no file of the process grow beyond a size in bytes, or lifts that limit again.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        var limit = bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        var (code, _, error) = await Shell.RunAsync($"prlimit --pid {_process!.Id} --fsize={limit}:unlimited", _folder.FullName);
        Assert.True(code == 0, error);
    }

    /// <summary>Sends requests of new users at once; answers how many came back as a success.</summary>
    public async Task<int> SendAsync(int count)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            using var body = new StringContent(
                $$"""{"model":"chat","user":"u{{Interlocked.Increment(ref _user)}}","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
            try
            {
                using var answer = await _http.PostAsync(new Uri(Url, "/v1/chat/completions"), body);
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
            {
                return false;
            }
        }));
        return answers.Count(ok => ok);
    }

    public string Output => _process!.Output;

    public bool IsDead => _process!.HasExited;

    /// <summary>Kills the process, unless it already killed itself, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process!.HasExited)
        {
            _process.Kill();
        }

        var code = await _process.WaitForExitAsync(s_patience);
        Assert.True(code == Killed, $"It was not killed but ended with {code}:\n{_process.Output}");
    }

    /// <summary>What the journal says while no process holds it; null when no migration was written yet.</summary>
    public (RolloutState State, IReadOnlyList<EventView> Events, Evidence? Evidence)? ReadJournal()
    {
        using var directory = DataDirectory.TryOpen(Data, out _)!;
        using var journal = Journal.TryOpen(directory, TimeProvider.System, out var problem) ?? throw new InvalidOperationException(problem);
        if (journal.Load().SingleOrDefault() is not { } stored)
        {
            return null;
        }

        Evidence? evidence = null;
        if (stored.Checkpoint is { } kept)
        {
            var checkpoint = JsonSerializer.Deserialize(kept.Json, IntakeJson.Stored.EvidenceCheckpoint)!;
            evidence = new Judge(RolloutJudging.SpecFor(stored.Spec, stored.State), checkpoint.Judge)
                .Evaluate([], RolloutJudging.MarginFactor(stored.Spec, stored.State), stored.State.Since);
        }

        return (stored.State, [.. journal.Events(Id, 100_000).Reverse()], evidence);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
        await _source.DisposeAsync();
        await Target.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Listening();
}
