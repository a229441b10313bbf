using System.Diagnostics;
using System.Globalization;
using ModelMigrate.Benchmarks.Load;

namespace ModelMigrate.Benchmarks.Comparing;

/// <summary>
/// The verb <c>compare</c> in a process of its own on data sets of several sizes, against models that answer at once: rows a second, and the most memory that it held.
/// </summary>
internal static class CompareBench
{
    /// <summary>Memory above that of the smallest data set, in MB, and what each row may leave behind: its hash, and two scores by each metric that is not yes or no.</summary>
    private const double MostGrowth = 50;

    private const double MostBytesARow = 80;

    private static readonly TimeSpan s_often = TimeSpan.FromMilliseconds(50);

    /// <summary>1 when memory grew with the rows.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> options, TextWriter output)
    {
        var sizes = Option(options, "--rows", "2000,200000").Split(',').Select(static rows => int.Parse(rows, CultureInfo.InvariantCulture)).ToList();
        var metrics = Option(options, "--metrics", "exact,f1_squad");
        var folder = Directory.CreateTempSubdirectory("model-migrate-compare-");
        try
        {
            var port = Ports.Free(1)[0];
            using var upstream = await Peer.StartAsync("upstream", port, "dotnet", [typeof(CompareBench).Assembly.Location, "upstream", $"{port}"]);
            await output.WriteLineAsync($"compare by {metrics}, concurrency 8, {Environment.ProcessorCount} cores");
            await output.WriteLineAsync("| rows | seconds | rows/s | most memory, MB | results, MB |\n|---|---|---|---|---|");
            var peaks = new List<double>();
            foreach (var rows in sizes)
            {
                peaks.Add(await MeasureAsync(folder.FullName, port, rows, metrics, output));
            }

            var (growth, most) = (peaks[^1] - peaks[0], MostGrowth + (MostBytesARow * sizes[^1] / 1048576));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(growth <= most ? "PASS" : "FAIL")}  memory at {sizes[^1]} rows over that at {sizes[0]}: {growth:0} MB, at most {most:0} MB"));
            return growth <= most ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(string folder, int port, int rows, string metrics, TextWriter output)
    {
        var (data, results) = (Path.Combine(folder, $"{rows}.jsonl"), Path.Combine(folder, $"{rows}"));
        Write(data, rows);
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "model-migrate.dll"), "compare", "--source", $"openai:a@http://127.0.0.1:{port}/v1", "--target", $"openai:b@http://127.0.0.1:{port}/v1",
            "--dataset", data, "--metrics", metrics, "--margin", "5pp", "--out", results,
        ]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("compare did not start.");
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.Delay(s_often, TimeProvider.System);
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"compare ended with {process.ExitCode}: {await wrong}{await said}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"| {rows:N0} | {seconds:0.0} | {rows / seconds:N0} | {peak / 1048576.0:0} | {Directory.GetFiles(results).Sum(static file => new FileInfo(file).Length) / 1048576.0:0} |"));
        Directory.Delete(results, recursive: true);
        return peak / 1048576.0;
    }

    /// <summary>Questions of some words; what the model says is right in none of them, and both say the same.</summary>
    private static void Write(string file, int rows)
    {
        using var writer = new StreamWriter(file);
        for (var i = 0; i < rows; i++)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"q{{i}}","prompt":"What is {{i}} plus {{i % 97}}, in words and with a sentence about it?","reference":"{{i + (i % 97)}} is the sum, of which nobody has asked more."}"""));
            writer.Write('\n');
        }
    }

    /// <summary>The most resident memory so far in bytes, as the kernel counts it; 0 of a process that has just ended.</summary>
    private static long PeakOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Option(IReadOnlyList<string> options, string name, string otherwise) =>
        options.Zip(options.Skip(1)).Where(pair => pair.First == name).Select(static pair => pair.Second).FirstOrDefault(otherwise);
}
