using System.Globalization;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>How often simulations repeat, and where their figures go.</summary>
internal static class Repetitions
{
    private static readonly Lock s_gate = new();

    public static bool Full => Environment.GetEnvironmentVariable("MODEL_MIGRATE_TEST_FULL") == "1";

    /// <summary><paramref name="full"/> when all are asked for, else a tenth.</summary>
    public static int Of(int full) => Full ? full : full / 10;

    /// <summary>Runs <paramref name="one"/> for every seed, on all cores; the seeds make it repeatable in any order.</summary>
    public static List<T> Run<T>(int count, Func<int, T> one)
    {
        var results = new T[count];
        Parallel.For(0, count, i => results[i] = one(i + 1));
        return [.. results];
    }

    /// <summary>The largest count out of <paramref name="n"/> that a true rate of <paramref name="rate"/> exceeds with probability below about 0.001.</summary>
    public static double Limit(int n, double rate) => (rate * n) + (3.1 * Math.Sqrt(n * rate * (1 - rate))) + 1;

    /// <summary>Prints a figure, and appends it to the file that MODEL_MIGRATE_FIGURES names.</summary>
    public static void Report(ITestOutputHelper output, string name, FormattableString figure)
    {
        var line = $"{name}: {figure.ToString(CultureInfo.InvariantCulture)}";
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("MODEL_MIGRATE_FIGURES") is { Length: > 0 } file)
        {
            lock (s_gate)
            {
                File.AppendAllLines(file, [line]);
            }
        }
    }
}
