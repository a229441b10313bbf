using System.Diagnostics.Metrics;
using System.Globalization;
using ModelMigrate.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ModelMigrate.Tests.App.Metrics;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly Meter _meter = new($"Test.{Guid.CreateVersion7()}");
    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    public PrometheusExporterTests() => _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name)
        .AddReader(new BaseExportingMetricReader(_exporter)).Build();

    [Fact]
    public void Scrape_Counter_ReadsBackWithItsLabels()
    {
        var counter = _meter.CreateCounter<long>("model.requests", description: "Requests,\nby \\ model");
        var odd = "a \"quoted\" \\ path\nand a line";
        counter.Add(2, new KeyValuePair<string, object?>("model", odd), new("arm", "target"));
        counter.Add(3, new KeyValuePair<string, object?>("model", odd), new("arm", "target"));
        var (samples, types, help) = Parse(_exporter.Scrape());
        Assert.Equal("counter", types["model_requests_total"]);
        Assert.Equal("Requests,\nby \\ model", help["model_requests_total"]);
        var sample = Assert.Single(samples);
        Assert.Equal(5, sample.Value);
        Assert.Equal(odd, sample.Labels["model"]);
        Assert.Equal("target", sample.Labels["arm"]);
    }

    [Fact]
    public void Scrape_Histogram_HasCumulativeBucketsSumAndCount()
    {
        var histogram = _meter.CreateHistogram<double>("chat.latency", "s", advice: new() { HistogramBucketBoundaries = [0.1, 1, 10] });
        foreach (var value in new[] { 0.05, 0.5, 0.6, 5, 50 })
        {
            histogram.Record(value);
        }

        var (samples, types, _) = Parse(_exporter.Scrape());
        Assert.Equal("histogram", types["chat_latency_seconds"]);
        Assert.Equal(
            [("0.1", 1), ("1", 3), ("10", 4), ("+Inf", 5)],
            samples.Where(s => s.Name == "chat_latency_seconds_bucket").Select(s => (s.Labels["le"], (int)s.Value)));
        Assert.Equal(56.15, samples.Single(s => s.Name == "chat_latency_seconds_sum").Value, 1e-9);
        Assert.Equal(5, samples.Single(s => s.Name == "chat_latency_seconds_count").Value);
    }

    [Fact]
    public void Scrape_Gauges_TakeTheValueOfTheMoment()
    {
        var weight = 0.1;
        _meter.CreateObservableGauge("weight", () => weight);
        _meter.CreateObservableGauge("plain_name", () => 1.0, "s");
        _meter.CreateObservableGauge("infinite", () => double.PositiveInfinity);
        Assert.Equal(0.1, Parse(_exporter.Scrape()).Samples.Single(s => s.Name == "weight").Value);
        Assert.Contains(Parse(_exporter.Scrape()).Samples, s => s.Name == "plain_name");
        weight = 0.25;
        var (samples, types, _) = Parse(_exporter.Scrape());
        Assert.Equal(0.25, samples.Single(s => s.Name == "weight").Value);
        Assert.Equal(double.PositiveInfinity, samples.Single(s => s.Name == "infinite").Value);
        Assert.Equal("gauge", types["weight"]);
    }

    [Fact]
    public void Scrape_AbsentMeasurement_LeavesNoSample()
    {
        _meter.CreateObservableGauge("rate", () => Array.Empty<Measurement<double>>());
        Assert.Empty(Parse(_exporter.Scrape()).Samples);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _exporter.Dispose();
        _meter.Dispose();
    }

    // An independent reader of the format, written from its description.
    private static (List<Sample> Samples, Dictionary<string, string> Types, Dictionary<string, string> Help) Parse(string text)
    {
        var samples = new List<Sample>();
        var types = new Dictionary<string, string>();
        var help = new Dictionary<string, string>();
        Assert.EndsWith("\n", text.Length == 0 ? "\n" : text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                types.Add(parts[2], parts[3]);
            }
            else if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ', 4);
                help.Add(parts[2], Unescape(parts[3]));
            }
            else
            {
                samples.Add(ParseSample(line));
            }
        }

        return (samples, types, help);
    }

    private static Sample ParseSample(string line)
    {
        var labels = new Dictionary<string, string>();
        var at = line.IndexOfAny(['{', ' ']);
        var name = line[..at];
        while (line[at] is '{' or ',')
        {
            var equals = line.IndexOf('=', at);
            var end = equals + 2;
            while (line[end] != '"')
            {
                end += line[end] == '\\' ? 2 : 1;
            }

            labels.Add(line[(at + 1)..equals], Unescape(line[(equals + 2)..end]));
            at = end + 1;
        }

        var value = line[(line[at] == '}' ? at + 2 : at + 1)..];
        return new Sample(name, labels, value == "+Inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture));
    }

    private static string Unescape(string text)
    {
        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(text[i] != '\\' ? text[i] : text[++i] == 'n' ? '\n' : text[i]);
        }

        return result.ToString();
    }

    private sealed record Sample(string Name, Dictionary<string, string> Labels, double Value);
}
