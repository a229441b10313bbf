using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>
/// Asks a gate and makes a fault of what it throws: a judge that breaks must neither end the controller's look at the other migrations nor
/// pass for one that found nothing.
/// </summary>
internal static class GateGuard
{
    /// <summary>Null, or what broke.</summary>
    public static string? Fold(IGateJudge gate, Block block)
    {
#pragma warning disable CA1031 // Whatever it is, the gate cannot be relied upon.
        try
        {
            gate.Fold(block);
            return null;
        }
        catch (Exception bug)
        {
            return Words(gate, bug);
        }
#pragma warning restore CA1031
    }

    /// <summary>The gate's evidence; of one that breaks, none, with the reason in <paramref name="fault"/>.</summary>
    public static GateEvidence Evaluate(IGateJudge gate, IReadOnlyList<Block> open, double factor, ref string? fault)
    {
#pragma warning disable CA1031 // As above.
        try
        {
            return gate.Evaluate(open, factor, fault is not null);
        }
        catch (Exception bug)
        {
            fault ??= Words(gate, bug);
            return gate.Rule.Evidence(new GateReading { Factor = factor, Compares = true, Note = "the gate broke" });
        }
#pragma warning restore CA1031
    }

    private static string Words(IGateJudge gate, Exception bug) => $"the gate {gate.Rule.Gate.Name} broke ({bug.GetType().Name}: {bug.Message})";
}
