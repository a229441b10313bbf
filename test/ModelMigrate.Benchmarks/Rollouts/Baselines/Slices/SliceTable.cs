using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;

/// <summary>
/// One repetition under the common schedule, as all baselines see it: half-minute slices by the time of the <em>end</em>, which is how
/// a metrics system counts. Filled once, read by every baseline.
/// </summary>
internal sealed class SliceTable
{
    /// <summary>Seconds of a slice.</summary>
    public const int Length = 30;

    public const int PerMinute = 60 / Length;

    public const int Count = (int)Schedule.Horizon / Length;

    private readonly ArmSlice[] _source = Slices();
    private readonly ArmSlice[] _target = Slices();
    private readonly int[] _exposed = new int[Count];

    public IReadOnlyList<ArmSlice> Source => _source;

    public IReadOnlyList<ArmSlice> Target => _target;

    /// <summary>Requests that the target had met by the end of a slice.</summary>
    public int ExposedBy(int slice) => _exposed[slice];

    public void Clear()
    {
        for (var i = 0; i < Count; i++)
        {
            _source[i].Clear();
            _target[i].Clear();
        }

        Array.Clear(_exposed);
    }

    public void Admit(double at) => _exposed[Math.Min((int)(at / Length), Count - 1)]++;

    /// <summary>Counts an end that the metrics system learns of at <paramref name="at"/>.</summary>
    public void End(bool target, double at, in Answer answer)
    {
        if (at < Schedule.Horizon)
        {
            (target ? _target : _source)[(int)(at / Length)].Add(answer);
        }
    }

    /// <summary>Turns the admissions of each slice into their running sum.</summary>
    public void Complete()
    {
        for (var i = 1; i < Count; i++)
        {
            _exposed[i] += _exposed[i - 1];
        }
    }

    /// <summary>Sums the slices from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public static void Sum(IReadOnlyList<ArmSlice> arm, int from, int to, ArmSlice into)
    {
        into.Clear();
        for (var i = Math.Max(0, from); i <= to; i++)
        {
            into.Add(arm[i]);
        }
    }

    private static ArmSlice[] Slices() => [.. Enumerable.Range(0, Count).Select(_ => new ArmSlice())];
}
