using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Evaluation.Load;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>What load a model is put under. One of <see cref="Open"/> and <see cref="Users"/> is set.</summary>
public sealed record LoadOptions
{
    /// <summary>Requests that come whatever became of those before.</summary>
    public LoadShape? Open { get; init; }

    /// <summary>Users who wait for their answers.</summary>
    public LoadUsers? Users { get; init; }

    /// <summary>What the arrivals are drawn from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Requests under way at once, at most. One that comes beyond is not sent, and counts as failed.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>For one request, from its sending.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A whole answer within this is a good one; null: any answer is.</summary>
    public TimeSpan? Slo { get; init; }

    /// <summary>And its first content within this; null: no matter when.</summary>
    public TimeSpan? SloFirstToken { get; init; }

    /// <summary>US dollars that it may cost at most; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    public AskSettings Settings { get; init; } = new();

    /// <summary>Requests that are expected; infinite where only the answers' pace says how many.</summary>
    public double Expected => Open?.Expected ?? (Users is { RequestsEach: { } each } closed ? (double)closed.Users * each : double.PositiveInfinity);
}
