using System.Text.Json.Serialization;

namespace ModelMigrate.Demo;

/// <summary>How a demo ended: its last line with <c>--json</c>, in this order.</summary>
internal sealed record DemoResult
{
    [JsonPropertyOrder(0)]
    public required DemoScenario Scenario { get; init; }

    /// <summary><c>completed</c>, <c>rolled_back</c>, <c>paused</c> or <c>running</c>.</summary>
    [JsonPropertyOrder(1)]
    public required string Outcome { get; init; }

    [JsonPropertyOrder(2)]
    public required string MigrationId { get; init; }

    /// <summary>Requests that the client sent.</summary>
    [JsonPropertyOrder(3)]
    public required long Requests { get; init; }

    /// <summary>Failures that the client saw: another status than 2xx, a transport error, an error event, a stream without its end.</summary>
    [JsonPropertyOrder(4)]
    public required long UserErrors { get; init; }

    /// <summary>Requests that the target provider received.</summary>
    [JsonPropertyOrder(5)]
    public required long TargetRequests { get; init; }

    /// <summary>Those that it failed.</summary>
    [JsonPropertyOrder(6)]
    public required long TargetFailures { get; init; }

    /// <summary>Failures of the target that the source answered.</summary>
    [JsonPropertyOrder(7)]
    public required long Rescued { get; init; }

    /// <summary>Requests started on the target from the first fault until the rollback was live, or null without a rollback.</summary>
    [JsonPropertyOrder(8)]
    public required long? ExposedBeforeRollback { get; init; }

    /// <summary>From the first fault until the rollback was live, or null without a rollback.</summary>
    [JsonPropertyOrder(9)]
    public required double? SecondsToRollback { get; init; }

    /// <summary>Why the migration is where it is.</summary>
    [JsonPropertyOrder(10)]
    public required string Reason { get; init; }

    /// <summary>The file that the report was written to.</summary>
    [JsonPropertyOrder(11)]
    public required string Report { get; init; }

    /// <summary>Requests that neither provider answered, counted at the providers.</summary>
    [JsonPropertyOrder(12)]
    public required long Unanswered { get; init; }

    /// <summary>Requests per second that the machine carried.</summary>
    [JsonPropertyOrder(13)]
    public required double RateCarried { get; init; }

    [JsonPropertyOrder(14)]
    public required double Seconds { get; init; }

    /// <summary>The file with everything that the decisions were made from; <c>judge</c> makes them again.</summary>
    [JsonPropertyOrder(15)]
    public required string Export { get; init; }

    /// <summary>Whether the outcome is the one that the scenario must show.</summary>
    [JsonIgnore]
    public bool IsExpected => Scenario switch
    {
        DemoScenario.Healthy => Outcome == "completed",
        DemoScenario.BothOutage => Outcome != "rolled_back",
        _ => Outcome == "rolled_back",
    };
}
