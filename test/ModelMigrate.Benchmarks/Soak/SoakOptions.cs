using System.Globalization;

namespace ModelMigrate.Benchmarks.Soak;

/// <summary>How long the soak runs.</summary>
internal sealed record SoakOptions
{
    public int Requests { get; init; } = 200_000;

    public int Connections { get; init; } = 16;

    public uint Seed { get; init; } = 1;

    public static SoakOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new SoakOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : throw new ArgumentException($"'{arguments[i]}' needs a whole number after it.", nameof(arguments));
            options = arguments[i] switch
            {
                "--requests" => options with { Requests = value },
                "--connections" => options with { Connections = value },
                "--seed" => options with { Seed = (uint)value },
                _ => throw new ArgumentException($"Unknown option '{arguments[i]}'; known are --requests, --connections, --seed.", nameof(arguments)),
            };
        }

        return options;
    }
}
