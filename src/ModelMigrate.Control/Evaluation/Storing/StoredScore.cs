using System.Runtime.InteropServices;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>A score, or why there is none, and the counts of a corpus metric.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoredScore(double? Value, string? Missing, double[]? Counts)
{
    public static StoredScore Of(AnswerMetric metric, AnswerSample sample)
    {
        var counts = metric.Corpus is { } corpus ? new double[corpus.Width] : null;
        var score = metric.Score(sample, counts);
        return new StoredScore(score.Value, score.Missing, score.Value is null ? null : counts);
    }

    /// <summary>The counts as bytes, in the order of this machine, which all that run .NET share.</summary>
    public byte[]? Bytes => Counts is null ? null : MemoryMarshal.AsBytes(Counts.AsSpan()).ToArray();

    public static double[] Read(byte[] bytes) => MemoryMarshal.Cast<byte, double>(bytes).ToArray();
}
