using System.Globalization;

namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>Figures as people say them.</summary>
internal static class Words
{
    /// <summary>An estimate to two digits with thousands separated: 34, 1,200.</summary>
    public static string About(double count)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, count))) - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(count / unit) * unit:#,0}");
    }

    public static string Count(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    /// <summary>A power of ten; adding zero turns a rounded -0 into 0.</summary>
    public static string Power(double log10) => string.Create(CultureInfo.InvariantCulture, $"10^{Math.Round(log10, 2) + 0.0:0.00}");

    /// <summary>A difference or ratio in its unit.</summary>
    public static string Effect(double value, EffectUnit unit) => unit switch
    {
        EffectUnit.Share => string.Create(CultureInfo.InvariantCulture, $"{(value * 100) + 0.0:+0.00;-0.00;0.00} pp"),
        EffectUnit.Score => string.Create(CultureInfo.InvariantCulture, $"{value + 0.0:+0.000;-0.000;0.000}"),
        EffectUnit.Ratio => string.Create(CultureInfo.InvariantCulture, $"x{value:0.###}"),
    };

    public static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}");
}
