using System.Globalization;
using System.Text.Json;
using ModelMigrate.Commands;
using ModelMigrate.Control.Replaying;
using ModelMigrate.Output;

namespace ModelMigrate.Recorded;

/// <summary>Makes the decisions of an export again and prints each beside what the journal has.</summary>
internal static class ExportOutput
{
    /// <summary>0 when all are the same, 1 when one differs, 2 when the export cannot be read.</summary>
    public static ExitCode Compare(CommandContext context, string file, Stream stream)
    {
        var (export, problems) = MigrationExport.Read(stream);
        foreach (var problem in problems)
        {
            context.Terminal.Error.WriteLine($"{file}:{problem}");
        }

        if (export is null)
        {
            return ExitCode.Usage;
        }

        var compared = ExportReplay.Run(export);
        foreach (var decision in compared)
        {
            if (context.Json)
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(decision, Terminal.CompactJson));
            }
            else
            {
                context.Say(Line(decision));
            }
        }

        var different = compared.Count(decision => !decision.Same);
        context.Say(different == 0
            ? $"All {compared.Count} are the same."
            : $"{different} of {compared.Count} differ: the export was changed, or another version of the program wrote it.");
        return different == 0 ? ExitCode.Ok : ExitCode.Negative;
    }

    private static string Line(ReplayedDecision decision)
    {
        var tick = decision.Tick is { } number ? $"look {number}" : "end";
        var what = decision.Recorded == decision.Replayed ? decision.Recorded : $"{decision.Recorded ?? "nothing"}, replayed: {decision.Replayed ?? "nothing"}";
        var evidence = decision.Evidence switch
        {
            EvidenceMatch.Identical => "; evidence the same bit for bit",
            EvidenceMatch.Close => "; evidence the same within 1e-9",
            EvidenceMatch.Different => "; evidence differs",
            EvidenceMatch.None => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(decision.Same ? "same     " : "DIFFERENT")}  {decision.At:yyyy-MM-dd HH:mm:ss.fff}Z  {tick}: {what}{evidence}{(decision.Difference is { } difference ? $"; {difference}" : "")}");
    }
}
