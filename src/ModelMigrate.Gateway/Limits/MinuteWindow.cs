namespace ModelMigrate.Gateway.Limits;

/// <summary>
/// What was taken in the last minute, in slices of a second: a slice counts until a full minute after it ended, so that no 60 seconds hold
/// more than the limit. Has one owner, which locks.
/// </summary>
internal sealed class MinuteWindow
{
    private const int Slices = 61;

    private readonly long[] _numbers = new long[Slices];
    private readonly long[] _taken = new long[Slices];

    /// <summary>What counts at a second.</summary>
    public long Sum(long second)
    {
        var sum = 0L;
        for (var i = 0; i < Slices; i++)
        {
            sum += IsLive(i, second) ? _taken[i] : 0;
        }

        return sum;
    }

    /// <summary>Adds to a second's slice; to one that is over nothing is added.</summary>
    public void Add(long second, long amount)
    {
        var slice = (int)(second % Slices);
        if (_numbers[slice] > second)
        {
            return;
        }

        if (_numbers[slice] < second)
        {
            (_numbers[slice], _taken[slice]) = (second, 0);
        }

        _taken[slice] = Math.Max(0, _taken[slice] + amount);
    }

    /// <summary>Seconds until so much has run out that only <paramref name="most"/> counts; 0 when that is so now.</summary>
    public int SecondsUntil(long second, long most)
    {
        var sum = Sum(second);
        var wait = 0;
        for (var oldest = second - Slices + 1; sum > most && oldest <= second; oldest++)
        {
            var slice = (int)(((oldest % Slices) + Slices) % Slices);
            sum -= _numbers[slice] == oldest ? _taken[slice] : 0;
            wait = (int)(oldest + Slices - second);
        }

        return wait;
    }

    private bool IsLive(int slice, long second) => _numbers[slice] <= second && second - _numbers[slice] < Slices;
}
