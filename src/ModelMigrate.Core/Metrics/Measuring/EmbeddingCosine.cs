using System.Text.Json;

namespace ModelMigrate.Core.Metrics.Measuring;

/// <summary>
/// Cosine of two embeddings. Answer and reference are the vectors, as JSON arrays: whoever asks has them from the model that the signature
/// names. There is no stand-in: without vectors the score is missing.
/// </summary>
internal static class EmbeddingCosine
{
    public static MetricScore Of(string prediction, string reference)
    {
        if (TryRead(prediction) is not { } a || TryRead(reference) is not { } b)
        {
            return MetricScore.Without("Answer and reference are no vectors; write each as a JSON array of numbers, both from the model that is named.");
        }

        if (a.Length != b.Length)
        {
            return MetricScore.Without($"The vectors have {a.Length} and {b.Length} numbers: they are not of one model.");
        }

        double product = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
        {
            (product, left, right) = (product + (a[i] * b[i]), left + (a[i] * a[i]), right + (b[i] * b[i]));
        }

        return left == 0 || right == 0
            ? MetricScore.Without("A vector of zeroes has no direction.")
            : MetricScore.Of(Math.Clamp(product / Math.Sqrt(left) / Math.Sqrt(right), -1, 1));
    }

    private static double[]? TryRead(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<double[]>(text) is { Length: > 0 } vector ? vector : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
