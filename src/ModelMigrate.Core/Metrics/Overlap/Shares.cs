using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>Precision, recall and their harmonic mean, each 0 where it would divide by nothing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Shares(double Precision, double Recall)
{
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;

    public static Shares Of(double shared, double answer, double reference) => new(answer > 0 ? shared / answer : 0, reference > 0 ? shared / reference : 0);

    /// <summary>The one that a parameter <c>part</c> names.</summary>
    public double Part(string part) => part switch
    {
        "precision" => Precision,
        "recall" => Recall,
        _ => F,
    };
}
