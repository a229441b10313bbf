using System.Diagnostics;
using System.Globalization;

namespace ModelMigrate.Benchmarks.Promptfoo;

/// <summary>One program from its start to its end.</summary>
/// <param name="Seconds">Wall time, its start with it.</param>
/// <param name="PeakBytes">The most resident memory of it and of what it started, as the kernel kept it.</param>
/// <param name="Output">What it said.</param>
internal sealed record MeteredRun(double Seconds, long PeakBytes, string Output)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    /// <summary>Throws with what it said when it does not end with 0.</summary>
    public static async Task<MeteredRun> OfAsync(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var time = TimeProvider.System;
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var began = time.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var ended = process.WaitForExitAsync();
        var peak = 0L;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, Peak(process.Id));
            await Task.WhenAny(ended, Task.Delay(s_look, time));
        }

        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var output = await said + await complained;
        return process.ExitCode == 0 ? new MeteredRun(seconds, peak, output) : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
    }

    /// <summary>Peaks of a process and of those below it, as they are now: each only grows, so that little is lost between two looks.</summary>
    private static long Peak(int pid)
    {
        try
        {
            var kept = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            var own = kept is null ? 0 : 1024 * long.Parse(kept.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            return own + Directory.EnumerateDirectories($"/proc/{pid}/task").SelectMany(static thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Sum(static child => Peak(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
