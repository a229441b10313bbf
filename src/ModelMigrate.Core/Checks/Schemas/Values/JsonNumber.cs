using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelMigrate.Core.Checks.Schemas.Values;

/// <summary>A JSON number as it is written, without rounding: digits × 10^exponent, the digits not ending in 0.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonNumber
{
    /// <summary>Larger exponents are only compared, never multiplied out.</summary>
    private const int MostExponent = 2000;

    private readonly BigInteger _digits;
    private readonly long _exponent;

    private JsonNumber(BigInteger digits, long exponent) => (_digits, _exponent) = (digits, exponent);

    public bool IsInteger => _exponent >= 0;

    public static JsonNumber Of(JsonElement number)
    {
        var text = number.GetRawText().AsSpan();
        long exponent = 0;
        var mark = text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            // An exponent beyond a long is beyond everything that it is compared with.
            exponent = long.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var written)
                ? Math.Clamp(written, -(1L << 40), 1L << 40)
                : text[mark + 1] == '-' ? -(1L << 40) : 1L << 40;
            text = text[..mark];
        }

        var point = text.IndexOf('.');
        var whole = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        exponent -= point < 0 ? 0 : text.Length - point - 1;
        var kept = whole.AsSpan().TrimEnd('0');
        exponent += whole.Length - kept.Length;
        return kept.Length == 0 || kept is "-" ? default : new JsonNumber(BigInteger.Parse(kept, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent);
    }

    /// <summary>Below 0 when <paramref name="a"/> is the smaller, above 0 when it is the larger.</summary>
    public static int Compare(JsonNumber a, JsonNumber b)
    {
        if (a._digits.Sign != b._digits.Sign || a._digits.IsZero)
        {
            return a._digits.Sign.CompareTo(b._digits.Sign);
        }

        var magnitude = (Length(a._digits) + a._exponent).CompareTo(Length(b._digits) + b._exponent);
        if (magnitude != 0)
        {
            return magnitude * a._digits.Sign;
        }

        var common = Math.Min(a._exponent, b._exponent);
        return a.Scaled(common).CompareTo(b.Scaled(common));
    }

    /// <summary>Whether it is a whole multiple; false when the two are too far apart to be worked out.</summary>
    public bool IsMultipleOf(JsonNumber step)
    {
        if (_digits.IsZero || step._digits.IsZero)
        {
            return _digits.IsZero;
        }

        var common = Math.Min(_exponent, step._exponent);
        return Math.Abs(_exponent - step._exponent) <= MostExponent && (Scaled(common) % step.Scaled(common)).IsZero;
    }

    /// <summary>One text for equal numbers: 1, 1.0 and 10e-1 are 1e0.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_digits}e{_exponent}");

    private static int Length(BigInteger digits) => BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).Length;

    private BigInteger Scaled(long exponent) => _digits * BigInteger.Pow(10, (int)(_exponent - exponent));
}
