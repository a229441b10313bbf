using System.Text.Json;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Tests.App.Simulation;

public sealed class FaultFieldTests
{
    [Fact]
    public void TryUpdate_PartialObject_ChangesOnlyWhatItNames()
    {
        var next = Update("""{"error_rate":"30%","latency_median":"1.5s","down":true}""", out _);
        Assert.Equal(FaultSchedule.Default with { ErrorRate = 0.3, LatencyMedian = TimeSpan.FromSeconds(1.5), Down = true }, next);
    }

    [Fact]
    public void TryUpdate_WhatWriteWrote_ChangesNothing()
    {
        var schedule = new FaultSchedule
        {
            LatencyMedian = TimeSpan.FromMilliseconds(12.5), LatencySigma = 0.7, SlowFactor = 3, TokensPerSecond = 50, ErrorRate = 0.1, ThrottleRate = 0.2,
            RetryAfter = TimeSpan.FromSeconds(2), MalformedRate = 0.3, HangRate = 0.4, CutRate = 0.5, Down = true, DownAborts = true,
        };
        Assert.Equal(schedule, Update(JsonSerializer.Serialize(FaultField.Write(schedule)), out _));
    }

    [Theory]
    [InlineData("""{"eror_rate":0.3}""", "unknown field \"eror_rate\"")]
    [InlineData("""{"error_rate":1.5}""", "\"error_rate\": 1.5 is not a share")]
    [InlineData("""{"error_rate":-0.1}""", "-0.1 is not a share")]
    [InlineData("""{"error_rate":"101%"}""", "is not a share")]
    [InlineData("""{"error_rate":null}""", "null is not a share")]
    [InlineData("""{"latency_median":200}""", "200 is not a time")]
    [InlineData("""{"latency_median":"NaNs"}""", "is not a time")]
    [InlineData("""{"down":"yes"}""", "is not true or false")]
    [InlineData("[]", "must be a JSON object")]
    public void TryUpdate_BadField_SaysWhatItExpects(string json, string expected)
    {
        Assert.Null(Update(json, out var problems));
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void TryUpdate_SeveralBadFields_AllAreReported()
    {
        Assert.Null(Update("""{"a":1,"error_rate":2,"b":3}""", out var problems));
        Assert.Equal(3, problems.Count);
    }

    private static FaultSchedule? Update(string json, out List<string> problems)
    {
        problems = [];
        return FaultField.TryUpdate(FaultSchedule.Default, JsonDocument.Parse(json).RootElement, problems);
    }
}
