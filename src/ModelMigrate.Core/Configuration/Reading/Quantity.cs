using System.Globalization;

namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>Reads and writes the small notations of the file: durations and shares.</summary>
public static class Quantity
{
    private static readonly (string Unit, double Seconds)[] s_units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];
    private static readonly (string Unit, long Size)[] s_sizes = [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30)];
    private static readonly System.Buffers.SearchValues<char> s_digits = System.Buffers.SearchValues.Create("0123456789.");

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c>, <c>1h30m</c> or <c>7d</c>; at most 10 years.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var seconds = 0.0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !TryNumber(rest[..digits], out var amount))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(s_digits);
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            var known = -1;
            for (var i = 0; i < s_units.Length; i++)
            {
                known = unit.SequenceEqual(s_units[i].Unit) ? i : known;
            }

            if (known < 0)
            {
                return false;
            }

            seconds += amount * s_units[known].Seconds;
        }

        if (text.Length == 0 || seconds > 3653 * 86400.0)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>The shortest way to write a duration: <c>90m</c> as <c>1h30m</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new System.Text.StringBuilder();
        var milliseconds = (long)Math.Round(duration.TotalMilliseconds);
        foreach (var (unit, seconds) in s_units.Reverse())
        {
            var size = (long)(seconds * 1000);
            if (milliseconds >= size)
            {
                text.Append(CultureInfo.InvariantCulture, $"{milliseconds / size}{unit}");
                milliseconds %= size;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    /// <summary>A share such as <c>10%</c> or <c>0.1</c>. A bare 1 is refused: it may mean 1 % or everything.</summary>
    public static bool TryShare(string text, out double share)
    {
        var isPercent = text.EndsWith('%');
        if (!TryNumber(isPercent ? text.AsSpan(0, text.Length - 1).TrimEnd() : text, out share))
        {
            return false;
        }

        share = isPercent ? share / 100 : share;
        return share is >= 0 and <= 1 && (isPercent || share < 1);
    }

    /// <summary>A difference of shares such as <c>1pp</c>, <c>1%</c> or <c>0.01</c>.</summary>
    public static bool TryPoints(string text, out double share) =>
        TryShare(text.EndsWith("pp", StringComparison.Ordinal) ? text[..^2].TrimEnd() + "%" : text, out share);

    /// <summary>A size in bytes such as <c>512KB</c>, <c>64MB</c> or <c>1GB</c>, of 1024 each; a bare number is refused.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        foreach (var (unit, size) in s_sizes)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && TryNumber(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), out var amount)
                && amount * size < long.MaxValue / 2)
            {
                bytes = (long)Math.Round(amount * size);
                return true;
            }
        }

        return false;
    }

    /// <summary>A size in the largest unit that it fills.</summary>
    public static string Size(long bytes)
    {
        var (unit, size) = Array.FindLast(s_sizes, s => bytes >= s.Size);
        return size == 0 ? $"{bytes}B" : string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / size:0.##}{unit}");
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.####}%");

    /// <summary>A decimal number without sign, exponent or separators.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
