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
