using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>Prints everything as one JSON document.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static async Task WriteAsync(IReadOnlyList<Cell> cells, IReadOnlyList<Goal> goals, RolloutOptions options, TextWriter output) =>
        await output.WriteLineAsync(JsonSerializer.Serialize(new { options.Repetitions, options.Seed, cells, goals }, s_options));
}
