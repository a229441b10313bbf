using System.Runtime.InteropServices;

namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>
/// One request before anybody knows which arm it meets: the same in every method's run. What an arm makes of it follows from these
/// draws, so that two methods that send it to the same arm see the same answer.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Arrival
{
    /// <summary>Admission time in seconds from the start.</summary>
    public double At;

    public int Key;

    /// <summary>Uniform: fails when below the arm's error probability.</summary>
    public float Fate;

    /// <summary>Uniform: decides a heavy tail, and how far out.</summary>
    public float Tail;

    /// <summary>Standard normal: the logarithm of the total latency.</summary>
    public float Total;

    /// <summary>Standard normal: the logarithm of the time to first token.</summary>
    public float First;

    /// <summary>Standard normal: how good an answer this prompt gets from anybody.</summary>
    public float Prompt;

    /// <summary>Standard normal: how good this one answer is.</summary>
    public float Answer;

    /// <summary>Uniform: what the metric pipeline does to its events.</summary>
    public float Pipeline;
}
