using System.Runtime.InteropServices;
using System.Text.Json;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Core.Metrics.Ranking;

/// <summary>How often a task was tried and how often it succeeded.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Attempts(int Tried, int Passed)
{
    /// <summary>Whether one of k tries passes: 1 − Π(1 − k / i), i from n − c + 1 to n (Chen et al. 2021, without bias).</summary>
    public double AnyOf(int k)
    {
        if (Tried - Passed < k)
        {
            return 1;
        }

        var none = 1.0;
        for (var i = Tried - Passed + 1; i <= Tried; i++)
        {
            none *= 1 - ((double)k / i);
        }

        return 1 - none;
    }

    /// <summary>Whether all of k tries pass: C(c, k) / C(n, k).</summary>
    public double AllOf(int k)
    {
        var all = 1.0;
        for (var i = 0; i < k; i++)
        {
            all *= Math.Max(0, Passed - i) / (double)(Tried - i);
        }

        return all;
    }

    /// <summary>A JSON array of true and false, or 1 and 0; or <c>{"n":10,"c":3}</c>. Null when it is neither.</summary>
    public static Attempts? TryRead(string text)
    {
        using var json = AnswerJson.TryParse(text);
        if (json is null)
        {
            return null;
        }

        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Object)
        {
            return Whole(root, "n") is { } n && Whole(root, "c") is { } c && c <= n ? new Attempts(n, c) : null;
        }

        if (root.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var passed = 0;
        foreach (var item in root.EnumerateArray())
        {
            var isPass = item.ValueKind == JsonValueKind.True || (item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var one) && one == 1);
            var isFail = item.ValueKind == JsonValueKind.False || (item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var zero) && zero == 0);
            if (!isPass && !isFail)
            {
                return null;
            }

            passed += isPass ? 1 : 0;
        }

        return new Attempts(root.GetArrayLength(), passed);
    }

    private static int? Whole(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) && whole >= 0 ? whole : null;
}
