using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Core.Checks.Schemas;

/// <summary>The official test suite: every required test, with no schema refused.</summary>
public sealed class SchemaSuiteTests
{
    private static readonly string s_suite = Path.Combine(Source.Root, "test/ModelMigrate.Tests/Core/Checks/Schemas/suite");
    private static readonly IReadOnlyDictionary<string, JsonElement> s_remotes = Directory.EnumerateFiles(Path.Combine(s_suite, "remotes"), "*.json", SearchOption.AllDirectories)
        .ToDictionary(file => $"http://localhost:1234/{Path.GetRelativePath(Path.Combine(s_suite, "remotes"), file).Replace('\\', '/')}", Read, StringComparer.Ordinal);

    public static TheoryData<string> Files() =>
        [.. new[] { "draft2020-12", "draft7" }.SelectMany(draft => Directory.EnumerateFiles(Path.Combine(s_suite, draft), "*.json", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(s_suite, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Validate_EveryRequiredTest_AsTheSuiteSays(string file)
    {
        var options = new SchemaOptions
        {
            Draft = file.StartsWith("draft7", StringComparison.Ordinal) ? SchemaDraft.Draft7 : SchemaDraft.Draft202012,
            AssertFormat = file.Contains("/format/", StringComparison.Ordinal),
            Documents = s_remotes,
        };
        var wrong = new List<string>();
        var asked = 0;
        foreach (var group in Read(Path.Combine(s_suite, file)).EnumerateArray())
        {
            var name = group.GetProperty("description").GetString();
            var schema = JsonSchema.TryRead(group.GetProperty("schema"), options, out var problems);
            if (schema is null)
            {
                wrong.Add($"{name}: refused: {string.Join(' ', problems)}");
                continue;
            }

            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                asked++;
                var errors = schema.Validate(test.GetProperty("data"));
                if (errors.Count == 0 != test.GetProperty("valid").GetBoolean())
                {
                    wrong.Add($"{name}: {test.GetProperty("description").GetString()}: {(errors.Count == 0 ? "valid" : string.Join(' ', errors))}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked > 0);
    }

    private static JsonElement Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.Clone();
    }
}
