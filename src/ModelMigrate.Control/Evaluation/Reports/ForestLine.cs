namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>A difference with its interval as a line of text: <c>─</c> the interval, <c>●</c> the difference, <c>│</c> zero, <c>┊</c> the margin.</summary>
internal static class ForestLine
{
    /// <summary>Odd, so that zero has a place of its own.</summary>
    private const int Width = 41;

    /// <summary><paramref name="worst"/>: the difference at the margin, below 0 where more is better.</summary>
    public static string Of(double difference, double low, double high, double worst)
    {
        var reach = new[] { Math.Abs(low), Math.Abs(high), 1.5 * Math.Abs(worst) }.Max();
        if (!double.IsFinite(difference + low + high + worst) || reach == 0)
        {
            return new string('·', Width);
        }

        var line = new string('·', Width).ToCharArray();
        for (var i = Place(low); i <= Place(high); i++)
        {
            line[i] = '─';
        }

        line[Place(0)] = '│';
        line[Place(worst)] = '┊';
        line[Place(difference)] = '●';
        return new string(line);

        int Place(double value) => (int)Math.Round(Math.Clamp(value / reach, -1, 1) * (Width / 2), MidpointRounding.AwayFromZero) + (Width / 2);
    }
}
