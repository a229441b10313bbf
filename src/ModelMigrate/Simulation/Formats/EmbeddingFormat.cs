using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelMigrate.Simulation.Formats;

/// <summary>The OpenAI embeddings protocol. Equal texts get equal vectors of length 1, whatever else was asked with them.</summary>
internal sealed class EmbeddingFormat : OpenAiFormat
{
    public override string ChatPath => "/v1/embeddings";

    public override string Work => "input";

    public override string Plain(SimulatedRequest request, SimulatedAnswer answer)
    {
        var input = request.Input!;
        var data = string.Join(',', input.Texts.Select((text, i) => $$"""{"object":"embedding","index":{{i}},"embedding":{{Written(Vector(text, input.Dimensions), input.IsBase64)}}}"""));
        return $$$"""{"object":"list","data":[{{{data}}}],"model":{{{Quote(request.Model)}}},"usage":{"prompt_tokens":{{{request.InputTokens}}},"total_tokens":{{{request.InputTokens}}}}}""";
    }

    private static float[] Vector(ulong text, int dimensions)
    {
        var vector = Enumerable.Range(0, dimensions).Select(i => SeededHash.Normal(SeededHash.Mix(text, (ulong)i))).ToArray();
        var length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => (float)(x / length))];
    }

    private static string Written(float[] vector, bool isBase64) => isBase64
        ? $"\"{Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))}\""
        : $"[{string.Join(',', vector.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";
}
