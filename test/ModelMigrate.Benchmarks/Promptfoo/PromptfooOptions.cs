using System.Globalization;

namespace ModelMigrate.Benchmarks.Promptfoo;

/// <summary>What the bench beside promptfoo measures.</summary>
internal sealed record PromptfooOptions
{
    /// <summary>Tests of a run that both make.</summary>
    public int Rows { get; private init; } = 2000;

    /// <summary>Tests of the long run that is only ours; 0 for none.</summary>
    public int Many { get; private init; } = 1_000_000;

    /// <summary>Interleaved rounds at each latency; the median of each figure is the result.</summary>
    public int Pairs { get; private init; } = 3;

    /// <summary>Where promptfoo is installed, or will be.</summary>
    public string Folder { get; private init; } = Path.Combine("artifacts", "promptfoo");

    public static PromptfooOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new PromptfooOptions();
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--rows" => options with { Rows = Number(value) },
                "--many" => options with { Many = Number(value) },
                "--pairs" => options with { Pairs = Number(value) },
                "--promptfoo" => options with { Folder = value },
                _ => throw new ArgumentException($"Unknown option '{arguments[i]}'; known are --rows, --many, --pairs, --promptfoo.", nameof(arguments)),
            };
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
