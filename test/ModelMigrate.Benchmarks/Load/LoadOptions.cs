using System.Globalization;

namespace ModelMigrate.Benchmarks.Load;

/// <summary>How long and how often the load benchmark measures.</summary>
internal sealed record LoadOptions
{
    /// <summary>Interleaved rounds; the median of their ratios is the result.</summary>
    public int Pairs { get; private init; } = 5;

    /// <summary>Seconds of load per measurement.</summary>
    public int Seconds { get; private init; } = 5;

    public int Connections { get; private init; } = 16;

    public static LoadOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new LoadOptions();
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture);
            options = arguments[i] switch
            {
                "--pairs" => options with { Pairs = value },
                "--seconds" => options with { Seconds = value },
                "--connections" => options with { Connections = value },
                _ => throw new ArgumentException($"Unknown option '{arguments[i]}'; known are --pairs, --seconds, --connections.", nameof(arguments)),
            };
        }

        return options;
    }
}
