using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Tests.Core.Metrics;

public sealed class JsonMetricTests
{
    [Theory]
    [InlineData("{\"a\":1}", 1)]
    [InlineData(" [1, 2]\n", 1)]
    [InlineData("true", 1)]
    [InlineData("{\"a\":1} and more", 0)]
    [InlineData("```json\n{}\n```", 0)]
    [InlineData("{'a':1}", 0)]
    [InlineData("{\"a\":1,\"a\":2}", 0)]
    [InlineData("{\"a\":1,}", 0)]
    [InlineData("", 0)]
    [InlineData("NaN", 0)]
    public void JsonValid_OfAText_IsRfc8259(string text, double expected) => Assert.Equal(expected, Oracle.Metric("json_valid").Score(text));

    [Fact]
    public void JsonValid_OfANameThatStandsTwice_PassesWhenAllowed() => Assert.Equal(1, Oracle.Metric("json_valid", ("duplicates", "allow")).Score("{\"a\":1,\"a\":2}"));

    [Theory]
    [InlineData("{\"a\":1}", 1)]
    [InlineData("Here:\n```json\n{\"a\":1}\n```\nDone.", 1)]
    [InlineData("The answer is {\"a\":\"}\"} as asked.", 1)]
    [InlineData("[not json] but {\"a\":[1]}", 1)]
    [InlineData("42", 0)]
    [InlineData("no json {here", 0)]
    public void JsonExtract_OfAText_FindsAnObjectOrArray(string text, double expected) => Assert.Equal(expected, Oracle.Metric("json_extract").Score(text));

    [Theory]
    [InlineData("{\"a\":1,\"b\":[1,2]}", "{\"b\":[1.0,2e0],\"a\":1}", 1)]
    [InlineData("{\"a\":1}", "{\"a\":\"1\"}", 0)]
    [InlineData("[1,2]", "[2,1]", 0)]
    [InlineData("[10,0.5]", "[1e1,50e-2]", 1)]
    [InlineData("[10]", "[1]", 0)]
    [InlineData("[0.5]", "[5]", 0)]
    [InlineData("not json", "{}", 0)]
    public void JsonEqual_OfTwoValues_ComparesByValue(string prediction, string reference, double expected) =>
        Assert.Equal(expected, Oracle.Metric("json_equal").Score(prediction, reference));

    [Theory]
    [InlineData("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", 0.5)]
    [InlineData("{\"a\":{\"b\":[1,2,2]}}", "{\"a\":{\"b\":[2,1]}}", 0.8)]
    [InlineData("{\"a\":[]}", "{\"a\":[]}", 1)]
    [InlineData("{\"a\":1.0}", "{\"a\":1}", 1)]
    [InlineData("{\"a\":10}", "{\"a\":1}", 0)]
    [InlineData("{\"a\":[0.5,20]}", "{\"a\":[5e-1,2]}", 0.5)]
    [InlineData("{}", "{\"a\":1}", 0)]
    [InlineData("none", "{\"a\":1}", 0)]
    public void JsonFieldF1_OfTwoValues_IsOfTheirLeaves(string prediction, string reference, double expected) =>
        Assert.Equal(expected, Oracle.Metric("json_field_f1").Score(prediction, reference), 12);

    [Fact]
    public void JsonEqual_OfAReferenceThatIsNoJson_IsMissing() => Assert.NotNull(Oracle.Metric("json_equal").Score(Oracle.Sample("{}", "{")).Missing);

    [Fact]
    public void JsonSchema_OfAnAnswer_HoldsOrNot()
    {
        const string Schema = """{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}""";
        Assert.Equal(1, Oracle.Metric("json_schema", ("schema", Schema)).Score("{\"n\":3}"));
        Assert.Equal(0, Oracle.Metric("json_schema", ("schema", Schema)).Score("{\"n\":\"3\"}"));
        Assert.Equal(0, Oracle.Metric("json_schema", ("schema", Schema)).Score("So: {\"n\":3}"));
        Assert.Equal(1, Oracle.Metric("json_schema", ("schema", Schema), ("extract", "true")).Score("So: {\"n\":3}"));
        var definition = MetricTable.Find("json_schema")!;
        Assert.Null(MetricTable.TryCreate(definition, new Dictionary<string, string> { ["schema"] = """{"type":"objekt"}""" }, out var problems));
        Assert.Contains("schema: ", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Null(MetricTable.TryCreate(definition, new Dictionary<string, string>(), out problems));
        Assert.Contains("needs schema", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    // As OpenAI, Anthropic and Gemini write calls.
    [InlineData("""[{"id":"c","type":"function","function":{"name":"w","arguments":"{\"city\":\"Paris\",\"days\":2.0}"}}]""", 1)]
    [InlineData("""[{"type":"tool_use","id":"t","name":"w","input":{"days":2,"city":"Paris"}}]""", 1)]
    [InlineData("""[{"functionCall":{"name":"w","args":{"days":2,"city":"Paris"}}}]""", 1)]
    [InlineData("""{"tool_calls":[{"function":{"name":"w","arguments":"{\"city\":\"Paris\",\"days\":2}"}}]}""", 1)]
    [InlineData("""{"name":"w","arguments":{"city":"Paris","days":2}}""", 1)]
    [InlineData("""[{"name":"w","arguments":{"city":"Rome","days":2}}]""", 0)]
    [InlineData("I cannot call anything.", 0)]
    public void ToolCallAccuracy_OfEachProtocolsShape_ComparesNameAndArguments(string prediction, double expected) =>
        Assert.Equal(expected, Oracle.Metric("tool_call_accuracy").Score(prediction, """[{"name":"w","arguments":{"city":"Paris","days":2}}]"""));

    [Fact]
    public void ToolCallAccuracy_OfOrderNamesAndNoCalls_IsAsAsked()
    {
        const string Both = """[{"name":"a"},{"name":"b","arguments":{}}]""", Turned = """[{"name":"b"},{"name":"a"}]""";
        Assert.Equal(1, Oracle.Metric("tool_call_accuracy").Score(Turned, Both));
        Assert.Equal(0, Oracle.Metric("tool_call_accuracy", ("order", "exact")).Score(Turned, Both));
        Assert.Equal(1, Oracle.Metric("tool_call_accuracy", ("match", "name")).Score("""[{"name":"a","arguments":{"x":1}}]""", """[{"name":"a"}]"""));
        Assert.Equal(1, Oracle.Metric("tool_call_accuracy").Score("No tool is needed.", "[]"));
        Assert.Equal(1, Oracle.Metric("tool_call_f1").Score("No tool is needed.", "[]"));
        // The same call twice is not the call once.
        Assert.Equal(2 / 3.0, Oracle.Metric("tool_call_f1").Score("""[{"name":"a"},{"name":"a"}]""", """[{"name":"a"}]"""), 12);
        Assert.NotNull(Oracle.Metric("tool_call_f1").Score(Oracle.Sample("[]", "words")).Missing);
    }
}
