using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Tests.Core.Checks.Schemas;

public sealed class JsonSchemaTests
{
    [Theory]
    // What it is, where in the schema, at which keyword, and a word of the remedy.
    [InlineData("""{"type":"strng"}""", "/type", "type", "must be one of \"array\", \"boolean\"")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "/properties/a/minLength", "minLength", "must be at least 0")]
    [InlineData("""{"required":"a"}""", "/required", "required", "must be array")]
    [InlineData("""{"pattern":"("}""", "/pattern", "pattern", "cannot be used")]
    [InlineData("""{"patternProperties":{"\\q{":true}}""", "/patternProperties", "patternProperties", "cannot be used")]
    [InlineData("""{"$ref":"https://example.com/other"}""", "/$ref", "$ref", "nothing is fetched")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "/$ref", "$ref", "leads nowhere")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", "/$schema", "$schema", "https://json-schema.org/draft/2020-12/schema")]
    [InlineData("""{"$ref":"#"}""", "schema:///#", null, "without end")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"}]}}}""", "schema:///#", null, "without end")]
    [InlineData("[]", "", null, "must be object or boolean")]
    public void TryRead_WrongSchema_SaysWhereAndWhat(string schema, string path, string? keyword, string word)
    {
        Assert.Null(JsonSchema.TryRead(Parse(schema), new SchemaOptions(), out var problems));
        Assert.Contains(problems, problem => problem.Path.StartsWith(path, StringComparison.Ordinal) && problem.Keyword == keyword && problem.Message.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void TryRead_SeveralMistakes_SaysAll()
    {
        Assert.Null(JsonSchema.TryRead(Parse("""{"type":5,"properties":{"a":{"maximum":"1"},"b":{"enum":{}}}}"""), new SchemaOptions(), out var problems));
        Assert.Equal(["/properties/a/maximum", "/properties/b/enum", "/type"], problems.Select(problem => problem.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TryRead_UnknownFormatAsserted_IsRefused()
    {
        var schema = Parse("""{"properties":{"a":{"format":"idn-hostname"}}}""");
        Assert.NotNull(JsonSchema.TryRead(schema, new SchemaOptions(), out _));
        Assert.Null(JsonSchema.TryRead(schema, new SchemaOptions { AssertFormat = true }, out var problems));
        Assert.Equal(("/properties/a/format", "format"), (Assert.Single(problems).Path, problems[0].Keyword));
    }

    [Fact]
    public void TryRead_BrokenGivenDocument_IsRefusedUnderItsName()
    {
        var options = new SchemaOptions { Documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["https://example.com/a"] = Parse("""{"required":5}""") } };
        Assert.Null(JsonSchema.TryRead(Parse("""{"$ref":"https://example.com/a"}"""), options, out var problems));
        Assert.Contains(problems, problem => problem.Path == "https://example.com/a#/required");
    }

    [Fact]
    public void Validate_WrongDocument_SaysEveryPlaceAndNoValue()
    {
        var schema = Read("""
            {"type":"object","required":["id","name"],"properties":{"id":{"type":"integer"},"tags":{"type":"array","items":{"type":"string","maxLength":3}},"a/b":{"const":"secret-const"}}}
            """);
        var errors = schema.Validate(Parse("""{"id":"secret","tags":["ok","secret-tag",7],"a/b":"secret"}"""));
        Assert.Equal(
            [
                ("", "schema:///#/required"), ("/id", "schema:///#/properties/id/type"), ("/tags/1", "schema:///#/properties/tags/items/maxLength"),
                ("/tags/2", "schema:///#/properties/tags/items/type"), ("/a~1b", "schema:///#/properties/a~1b/const"),
            ],
            errors.Select(error => (error.InstancePath, error.SchemaPath)));
        Assert.DoesNotContain("secret", string.Join(' ', errors), StringComparison.Ordinal);
        Assert.Equal("/tags/2: is an integer, must be string (schema:///#/properties/tags/items/type)", errors[3].ToString());
    }

    [Fact]
    public void Validate_ManyErrors_StopsCounting() =>
        Assert.Equal(32, Read("""{"items":{"type":"string"}}""").Validate(Parse($"[{string.Join(',', Enumerable.Range(0, 1000))}]")).Count);

    [Fact]
    public void Validate_TreeWithoutEnd_EndsWithTheDocument()
    {
        var schema = Read("""{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}""");
        var text = string.Concat(Enumerable.Repeat("""{"next":""", 60)) + """{"last":1}""" + new string('}', 60);
        var error = Assert.Single(schema.Validate(JsonDocument.Parse(text).RootElement));
        Assert.EndsWith("/next/last", error.InstancePath, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_HalfASurrogatePair_IsAnErrorOfTheDocument() =>
        Assert.Contains("surrogate", Assert.Single(Read("""{"minLength":1}""").Validate(Parse("\"\\ud83d\""))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1e400", "9e399", 1)]
    [InlineData("-1e400", "-9e399", -1)]
    [InlineData("1.0", "1", 0)]
    [InlineData("0.1e1", "1", 0)]
    [InlineData("-0", "0", 0)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("1e99999999999999999999", "1", 1)]
    [InlineData("1e-99999999999999999999", "0", 1)]
    public void Compare_NumbersBeyondADouble_ByTheirDigits(string a, string b, int expected) =>
        Assert.Equal(expected, Math.Sign(JsonNumber.Compare(JsonNumber.Of(Parse(a)), JsonNumber.Of(Parse(b)))));

    [Theory]
    [InlineData("0.3", "0.1", true)]
    [InlineData("1e308", "0.123456789", false)]
    [InlineData("4.02", "2.01", true)]
    [InlineData("1e3000", "3", false)]
    public void IsMultipleOf_Decimals_WithoutRounding(string number, string step, bool expected) =>
        Assert.Equal(expected, JsonNumber.Of(Parse(number)).IsMultipleOf(JsonNumber.Of(Parse(step))));

    [Theory]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^\\d+$", "1२", false)]
    [InlineData("^\\w$", "é", false)]
    [InlineData("^[\\w.-]+$", "a.b-c", true)]
    [InlineData("^\\p{Letter}+$", "πü", true)]
    [InlineData("^\\u{1F600}$", "😀", true)]
    [InlineData("^(?=.*[0-9]).{3}$", "ab1", true)]
    [InlineData("^[[]$", "[", true)]
    [InlineData("^\\S+$", "a b", false)]
    [InlineData("a.c", "a\u2028c", false)]
    public void Matches_PatternOfEcmaScript_AsThere(string pattern, string text, bool expected)
    {
        var compiled = EcmaPattern.TryCompile(pattern, out var wrong);
        Assert.True(compiled is not null, wrong);
        Assert.Equal(expected, compiled.Matches(text));
    }

    [Fact]
    public void Matches_PatternThatNeverEnds_IsGivenUp()
    {
        // A look-ahead keeps it from the matcher that needs linear time only.
        var pattern = EcmaPattern.TryCompile("^(?=a)(a+)+$", out _)!;
        Assert.Null(pattern.Matches(new string('a', 40) + "b"));
    }

    private static JsonSchema Read(string schema) =>
        JsonSchema.TryRead(Parse(schema), new SchemaOptions(), out var problems) ?? throw new InvalidOperationException(string.Join('\n', problems));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
