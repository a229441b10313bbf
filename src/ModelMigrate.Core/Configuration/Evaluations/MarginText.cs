using System.Globalization;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Evaluations;

/// <summary>A margin as it is written: <c>0.05</c> in the metric's own unit, <c>5pp</c> for the same of a share, <c>10%</c> of what the source reaches.</summary>
public static class MarginText
{
    /// <summary>What to write, for messages.</summary>
    public const string Examples = "0.05, 5pp, or 10% of what the source reaches";

    public static bool TryParse(string text, out double margin, out bool isRelative)
    {
        isRelative = text.EndsWith('%');
        var isRead = isRelative ? Quantity.TryShare(text, out margin)
            : text.EndsWith("pp", StringComparison.Ordinal) ? Quantity.TryPoints(text, out margin)
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out margin) && double.IsFinite(margin);
        return isRead && margin >= 0 && (!isRelative || margin < 1);
    }
}
