using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Configuration.Compiling;

/// <summary>Makes the specification that a migration is started with out of what the file says of it.</summary>
public static class RolloutSpecFactory
{
    /// <summary>The configuration comes from the reader, so the route and both models exist.</summary>
    public static RolloutSpec Create(
        MigrationConfig migration, ModelMigrateConfig config, FrozenDictionary<ModelId, ModelSnapshot> catalog)
    {
        var route = config.FindRoute(migration.Route)
            ?? throw new ArgumentException($"Route '{migration.Route}' is not in the configuration.", nameof(config));
        return new RolloutSpec
        {
            Id = migration.Id,
            Route = route.Id,
            Source = route.Model,
            Target = migration.To,
            Fingerprint = $"{catalog[route.Model].Fingerprint}-{catalog[migration.To].Fingerprint}",
            Strategy = migration.Strategy,
            Steps = [.. migration.Steps.Select(Step)],
            MaxHold = migration.MaxHold,
            Gates = [.. migration.Gates.Select(Gate)],
            Alpha = migration.Alpha,
            PromoteAlpha = migration.PromoteAlpha,
            ExposureBudget = migration.ExposureBudget,
            HoldBackPpm = migration.HoldBackPpm,
            Watch = migration.Watch,
            WatchShare = RolloutJudging.WatchShare,
            OnRegression = migration.OnRegression,
            InFlight = route.InFlight,
            HardStops = [.. migration.HardStops.Where(stop => stop.Enabled).Select(HardStop)],
            Seed = SeedOf(migration.Id),
        };
    }

    /// <summary>The bucketing seed: the first four bytes of the SHA-256 of the id, so that every process and every retry has the same.</summary>
    public static uint SeedOf(MigrationId id) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value)));

    private static RolloutStep Step(StepConfig step) => new()
    {
        WeightPpm = step.WeightPpm,
        Hold = step.Hold,
        MarginFactor = step.MarginFactor,
        Approval = step.Approval,
    };

    internal static GateSpec Gate(GateConfig gate) => new()
    {
        Name = gate.Name,
        Metric = gate.Metric,
        Check = gate.Check,
        Unit = gate.Unit,
        Margin = gate.Margin,
        Tolerance = gate.Tolerance,
        AlphaShare = gate.AlphaShare,
        Required = gate.Required,
        NoData = gate.NoData,
        NoDataGrace = gate.NoDataAfter,
        OnRegression = gate.OnRegression,
    };

    private static HardStopSpec HardStop(HardStopConfig stop) => new()
    {
        Name = stop.Name,
        Metric = stop.Metric,
        Check = stop.Check,
        Threshold = stop.Threshold,
        Window = stop.Window,
        MinimumSamples = stop.MinimumSamples,
        RelativeToSource = stop.RelativeToSource,
        Cooldown = stop.Cooldown,
    };
}
