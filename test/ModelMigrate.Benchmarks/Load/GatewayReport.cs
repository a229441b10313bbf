namespace ModelMigrate.Benchmarks.Load;

/// <summary>Prints medians with their range, and each goal beside the figure reached.</summary>
internal sealed class GatewayReport(
    IReadOnlyList<Measurement> loaded, IReadOnlyList<Measurement> single, IReadOnlyList<Measurement> corrected, long residentBytes, long served)
{
    /// <summary>Answers whether every goal was reached.</summary>
    public async Task<bool> WriteAsync(TextWriter output, LoadOptions options)
    {
        await output.WriteLineAsync($"\n{options.Connections} connections, {options.Pairs} rounds of {options.Seconds} s; median [min … max]");
        await output.WriteLineAsync($"{"",-10} {"CPU µs/request",-24} {"requests/s",-28} {"p50 µs",-22} {"p99 µs",-24} failed");
        foreach (var name in new[] { "forwarder", "gateway", "nginx" })
        {
            var runs = Of(loaded, name);
            await output.WriteLineAsync(
                $"{name,-10} {Range(runs, m => m.CpuPerRequest.TotalMicroseconds),-24} {Range(runs, m => m.PerSecond),-28} "
                + $"{Range(runs, m => m.P50.TotalMicroseconds),-22} {Range(runs, m => m.P99.TotalMicroseconds),-24} {runs.Sum(m => m.Failed)}");
        }

        await WriteAsync(output, "one connection, every latency as it was", single);
        await WriteAsync(output, "one connection, wrk with its correction for coordinated omission", corrected);

        var ratios = Pairwise(loaded, "gateway", "forwarder", (g, f) => g.CpuPerRequest / f.CpuPerRequest);
        var added = Pairwise(single, "gateway", "direct", (g, d) => (g.P99 - d.P99).TotalMicroseconds);
        var addedCorrected = Pairwise(corrected, "gateway", "direct", (g, d) => (g.P99 - d.P99).TotalMicroseconds);
        await output.WriteLineAsync($"\nCPU per request, gateway ÷ forwarder   {Range(ratios, r => r, "0.00"),-28} goal ≤ 1.60");
        await output.WriteLineAsync($"added p99 at one connection, µs        {Range(added, a => a),-28} goal < 500");
        await output.WriteLineAsync($"  the same with wrk's correction       {Range(addedCorrected, a => a)}");
        await output.WriteLineAsync($"resident MB after {served} requests     {residentBytes / 1048576.0,-28:0.0} goal < 150");
        return Median(ratios) <= 1.6 && Median(added) < 500 && residentBytes < 150L << 20;
    }

    private static async Task WriteAsync(TextWriter output, string title, IReadOnlyList<Measurement> measurements)
    {
        await output.WriteLineAsync($"\n{title}");
        foreach (var name in new[] { "direct", "forwarder", "gateway" })
        {
            var runs = Of(measurements, name);
            await output.WriteLineAsync(
                $"{name,-10} {"",-24} {Range(runs, m => m.PerSecond),-28} {Range(runs, m => m.P50.TotalMicroseconds),-22} "
                + $"{Range(runs, m => m.P99.TotalMicroseconds),-24} {runs.Sum(m => m.Failed)}");
        }
    }

    private static List<Measurement> Of(IEnumerable<Measurement> all, string name) => [.. all.Where(m => m.Peer == name)];

    private static List<double> Pairwise(IReadOnlyList<Measurement> all, string one, string other, Func<Measurement, Measurement, double> compare) =>
        [.. Of(all, one).Zip(Of(all, other), compare)];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Range<T>(List<T> values, Func<T, double> of, string format = "0")
    {
        var sorted = values.Select(of).Order().ToList();
        return $"{sorted[sorted.Count / 2].ToString(format)} [{sorted[0].ToString(format)} … {sorted[^1].ToString(format)}]";
    }
}
