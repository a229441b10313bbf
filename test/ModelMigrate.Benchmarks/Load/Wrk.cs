using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>Runs wrk with chat completions, every request from another user, and reads what it reports.</summary>
internal static partial class Wrk
{
    private const string Script =
        """
        local n = 0
        wrk.headers["Content-Type"] = "application/json"
        request = function()
          n = n + 1
          return wrk.format("POST", "/v1/chat/completions", nil,
            '{"model":"chat","user":"u' .. n .. '","messages":[{"role":"system","content":"You are a helpful assistant of a small shop."},{"role":"user","content":"Where is my parcel? I ordered a week ago and have heard nothing since."}],"temperature":0.2}')
        end
        done = function(summary, latency, requests)
          local e = summary.errors
          io.write(string.format("RESULT %d %d %d %f %f\n", summary.requests, e.status + e.connect + e.read + e.write + e.timeout,
            summary.duration, latency:percentile(50.0), latency:percentile(99.0)))
        end
        """;

    public static async Task<Measurement> RunAsync(Peer peer, int connections, int seconds)
    {
        var script = Path.Combine(Path.GetTempPath(), $"model-migrate-bench-{Environment.ProcessId}.lua");
        await File.WriteAllTextAsync(script, Script);
        var before = peer.CpuTime();
        var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "-s", script, $"http://127.0.0.1:{peer.Port}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start.");
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var cpu = peer.CpuTime() - before;
        File.Delete(script);

        var match = ResultPattern().Match(output);
        if (!match.Success)
        {
            throw new InvalidOperationException($"wrk reported no result:\n{output}");
        }

        double Number(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        var requests = (long)Number("requests");
        return new Measurement(
            peer.Name, requests, (long)Number("failed"), requests / (Number("us") / 1e6),
            TimeSpan.FromMicroseconds(Number("p50")), TimeSpan.FromMicroseconds(Number("p99")), cpu / Math.Max(1, requests));
    }

    [GeneratedRegex(@"RESULT (?<requests>\d+) (?<failed>\d+) (?<us>\d+) (?<p50>[\d.]+) (?<p99>[\d.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ResultPattern();
}
