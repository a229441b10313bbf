using System.Globalization;
using ModelMigrate.Tests.Support;
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
        TestThreads.For(count, i => results[i] = one(i + 1));
        return [.. results];
    }

    /// <summary>
    /// The largest count out of <paramref name="n"/> that a true rate of at most <paramref name="rate"/> still explains: the exact
    /// one-sided binomial bound, exceeded by chance with probability below 0.001.
    /// </summary>
    public static int Limit(int n, double rate)
    {
        var log = n * Math.Log(1 - rate);
        var below = Math.Exp(log);
        var k = 0;
        for (; 1 - below >= 0.001; k++)
        {
            log += Math.Log((n - k) / (k + 1.0)) + Math.Log(rate / (1 - rate));
            below += Math.Exp(log);
        }

        return k;
    }

    /// <summary>Prints a figure, and appends it to the file that MODEL_MIGRATE_FIGURES names.</summary>
    public static void Report(ITestOutputHelper output, string name, FormattableString figure) =>
        Report(output, $"{name}: {figure.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The same of text that is ready.</summary>
    public static void Report(ITestOutputHelper output, string text)
    {
        output.WriteLine(text);
        if (Environment.GetEnvironmentVariable("MODEL_MIGRATE_FIGURES") is { Length: > 0 } file)
        {
            lock (s_gate)
            {
                File.AppendAllLines(file, [text]);
            }
        }
    }
}
