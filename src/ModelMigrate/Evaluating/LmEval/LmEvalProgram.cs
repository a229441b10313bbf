using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ModelMigrate.Evaluating.LmEval;

/// <summary>lm-evaluation-harness as a program of its own: found in <c>PATH</c>, started without a shell, and ended with everything that it started.</summary>
internal static class LmEvalProgram
{
    /// <summary>Where it is, or null.</summary>
    public static string? Find(string? path) => (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(static folder => new[] { Path.Combine(folder, "lm_eval"), Path.Combine(folder, "lm-eval") }).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end, handing on what it says as it says it. Null, or why it failed and what to do.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="words">Its options.</param>
    /// <param name="key">What the model's provider wants, or empty: no other key may go to that address.</param>
    /// <param name="said">Where its progress goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<string?> RunAsync(string program, IEnumerable<string> words, string key, TextWriter said, CancellationToken cancellation)
    {
        // Its caches, proxies and tokens for data sets are in the caller's environment, and stay there.
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["OPENAI_API_KEY"] = key;
        using var process = new Process { StartInfo = start };
        var last = "";
        var gate = new Lock();
        process.OutputDataReceived += (_, line) => Hear(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, isError: true);
        try
        {
            process.Start();
        }
        catch (Win32Exception impossible)
        {
            return $"{program} cannot be started: {impossible.Message}";
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return "Stopped. The harness is ended, and nothing is judged.";
        }

        lock (gate)
        {
            return process.ExitCode == 0 ? null : string.Create(
                CultureInfo.InvariantCulture, $"The harness ended with {process.ExitCode}{(last.Length > 0 ? $": {last}" : "")}. What it said before stands above; correct the task, the model or its address, and run the command again.");
        }

        void Hear(string? line, bool isError)
        {
            if (line is null)
            {
                return;
            }

            lock (gate)
            {
                last = isError && line.Trim().Length > 0 ? line.Trim() : last;
                said.WriteLine(line);
            }
        }
    }
}
