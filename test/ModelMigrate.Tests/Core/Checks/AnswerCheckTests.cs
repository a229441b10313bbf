using System.Text.Json;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Tests.Core.Checks;

public sealed class AnswerCheckTests
{
    private static readonly JsonSchema s_schema = JsonSchema.TryRead(
        JsonDocument.Parse("""{"type":"object","required":["total"],"properties":{"total":{"type":"number","minimum":0}}}""").RootElement, new SchemaOptions(), out _)!;

    [Theory]
    [InlineData("json", """{"a":1}""", true)]
    [InlineData("json", " [1, 2]\n", true)]
    [InlineData("json", "```json\n{}\n```", false)]
    [InlineData("json", "Here you are: {}", false)]
    [InlineData("json", """{"a":1,}""", false)]
    [InlineData("json", "", false)]
    [InlineData("schema", """{"total":3.5}""", true)]
    [InlineData("schema", """{"total":-1}""", false)]
    [InlineData("schema", """{"sum":3.5}""", false)]
    [InlineData("schema", "3.5", false)]
    [InlineData("schema", "no JSON", false)]
    [InlineData("contains", "Hello, Kind Regards", true)]
    [InlineData("contains", "hello, kind regards", false)]
    [InlineData("contains", "Kind Regards", false)]
    [InlineData("contains-any-case", "HELLO", true)]
    [InlineData("forbids", "As an AI I cannot", false)]
    [InlineData("forbids", "Of course", true)]
    [InlineData("length", "abc", true)]
    [InlineData("length", "ab", false)]
    [InlineData("length", "abcdef", false)]
    [InlineData("length", "a😀b😀c", true)]
    [InlineData("pattern", "order 1234", true)]
    [InlineData("pattern", "order", false)]
    [InlineData("refusal", "anything", true)]
    public void Passes_Text_AsTheCheckSays(string check, string text, bool expected) =>
        Assert.Equal(expected, Find(check).Passes(new CheckedAnswer(text, Refused: false, CallsTools: false)));

    [Fact]
    public void Passes_RefusalOrToolCall_OnlyTheRefusalCheckLooksAtIt()
    {
        foreach (var check in All())
        {
            Assert.Equal(check is RefusalCheck ? false : null, check.Passes(new CheckedAnswer("I cannot.", Refused: true, CallsTools: false)));
            Assert.Equal(check is RefusalCheck ? true : null, check.Passes(new CheckedAnswer("", Refused: false, CallsTools: true)));
        }
    }

    [Theory]
    [InlineData("schema", """{"total":-1}""", "#/total minimum")]
    [InlineData("schema", """{"sum":3.5}""", "# required")]
    [InlineData("schema", """{"total":3.5}""", null)]
    [InlineData("schema", "3.5", "# type")]
    [InlineData("schema", "no JSON", "no JSON at line 1, byte 2")]
    [InlineData("json", """{"a":1,}""", "no JSON at line 1, byte 8")]
    [InlineData("length", "ab", null)]
    public void FaultOf_Text_IsThePlaceAndTheKeyword(string check, string text, string? expected) =>
        Assert.Equal(expected, Find(check).FaultOf(new CheckedAnswer(text, Refused: false, CallsTools: false)));

    /// <summary>Members that the schema does not name are the model's words; many places are counted.</summary>
    [Fact]
    public void FaultOf_ManyPlaces_FiveAndACountWithoutTheAnswersWords()
    {
        using var schema = JsonDocument.Parse("""{"properties":{"rows":{"items":{"additionalProperties":false}}}}""");
        var check = new JsonCheck("json-schema", JsonSchema.TryRead(schema.RootElement, new SchemaOptions(), out _));
        var rows = string.Join(',', Enumerable.Range(0, 7).Select(i => $$"""{"secret {{i}}":1}"""));

        var fault = check.FaultOf(new CheckedAnswer($$"""{"rows":[{{rows}}]}""", Refused: false, CallsTools: false));

        Assert.Equal(string.Join(", ", Enumerable.Range(0, 5).Select(i => $"#/rows/{i}/* additionalProperties")) + ", and 2 more", fault);
    }

    private static AnswerCheck Find(string name) => All().Single(check => check.Name == name);

    private static IReadOnlyList<AnswerCheck> All() =>
    [
        new JsonCheck("json", Schema: null),
        new JsonCheck("schema", s_schema),
        new ContainsCheck("contains", ["Hello", "Kind Regards"], IgnoresCase: false, Forbids: false),
        new ContainsCheck("contains-any-case", ["hello"], IgnoresCase: true, Forbids: false),
        new ContainsCheck("forbids", ["as an AI", "I cannot"], IgnoresCase: true, Forbids: true),
        new LengthCheck("length", 3, 5),
        PatternCheck.TryCreate("pattern", "^order \\d{4}$", forbids: false, out _)!,
        new RefusalCheck("refusal"),
    ];
}
