using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Suites.Smoke;

namespace ModelMigrate.Tests.Core.Suites;

/// <summary>What each check of the smoke suite lets pass, and what it says of the rest.</summary>
public sealed class SmokeSuiteTests
{
    [Theory]
    [InlineData("answers", "Hello.", null)]
    [InlineData("answers", " \n", "The answer is empty; it ended with stop.")]
    [InlineData("instruction", "\"Pong.\"", null)]
    [InlineData("instruction", "Sure: PONG", "The answer is not the one word that was asked for.")]
    [InlineData("system", "**Blue**", null)]
    [InlineData("system", "Green", "The system message asked for one word, and the answer is another.")]
    [InlineData("conversation", "Ada!", null)]
    [InlineData("conversation", "I do not know.", "The name was told two messages before, and the answer is not it.")]
    [InlineData("json", """{"name":"Ada","age":36}""", null)]
    [InlineData("json", "```json\n{\"name\": \"Ada\", \"age\": 36}\n```", null)]
    [InlineData("json", "Here you are: {\"name\":\"Ada\",\"age\":36}", "The answer is not JSON, neither alone nor in one code fence.")]
    [InlineData("json", """{"name":"Ada","age":"36"}""", "The JSON is another than was asked for: /age is a string, must be integer.")]
    [InlineData("json", """{"name":"Ada","age":37}""", "The JSON has another age than was told.")]
    public void Fault_OfText_IsSaidInWords(string id, string text, string? fault) =>
        Assert.Equal(fault, Check(id).Fault(new SmokeAnswer { Text = text, Finish = FinishReason.Stop }));

    [Fact]
    public void Fault_OfLimitUsageAndStream_IsSaidInWords()
    {
        Assert.Null(Fault("max-tokens", new SmokeAnswer { Finish = FinishReason.Length, Usage = new Usage(10, 16) }));
        Assert.Equal("At most 16 tokens were allowed and 17 came.", Fault("max-tokens", new SmokeAnswer { Finish = FinishReason.Length, Usage = new Usage(10, 17) }));
        Assert.Equal("The answer was cut at 16 tokens or should have been, and ended with stop instead of length.", Fault("max-tokens", new SmokeAnswer { Finish = FinishReason.Stop }));

        Assert.All(["usage", "stream-usage"], id =>
        {
            Assert.Null(Fault(id, new SmokeAnswer { Usage = new Usage(1, 1) }));
            Assert.Equal("No usage is told.", Fault(id, new SmokeAnswer()));
            Assert.Equal("The usage says 5 tokens in and 0 out.", Fault(id, new SmokeAnswer { Usage = new Usage(5, 0) }));
        });

        var one = new SmokeAnswer().With(new ChatDelta { Text = "a" }).With(new ChatDelta { Text = "" });
        Assert.Equal("The stream brought its text in 1 pieces: something between holds it back.", Fault("stream", one));
        Assert.Equal("The stream ended without saying why.", Fault("stream", one.With(new ChatDelta { Text = "b" })));
        Assert.Null(Fault("stream", one.With(new ChatDelta { Text = "b" }).With(new ChatDelta { Finish = FinishReason.Stop })));
    }

    [Theory]
    [InlineData("get_weather", """{"city":"Paris"}""", "c1", null)]
    [InlineData("get_time", """{"city":"Paris"}""", "c1", "A tool was called that was not offered.")]
    [InlineData("get_weather", "{", "c1", "The arguments of the call are not JSON.")]
    [InlineData("get_weather", """{"town":"Paris"}""", "c1", "The arguments of the call break the tool's schema: the whole ")]
    [InlineData("get_weather", """{"city":"Paris"}""", "", "The call has no id, so no result can be given to it.")]
    public void Fault_OfACall_IsSaidInWords(string name, string arguments, string call, string? fault)
    {
        var found = Fault("tool-call", new SmokeAnswer { Calls = [new ToolCallPart(call, name, arguments)], Finish = FinishReason.ToolCalls });
        Assert.True(fault is null ? found is null : found!.StartsWith(fault, StringComparison.Ordinal), found);
        Assert.Equal("No tool was called; the answer ended with stop.", Fault("tool-call", new SmokeAnswer { Text = "It rains.", Finish = FinishReason.Stop }));
    }

    [Fact]
    public void Checks_Each_HasANameAReasonATagAndIsAskedShortly() => Assert.All(SmokeSuite.Checks, static check =>
    {
        Assert.Single(SmokeSuite.Checks, other => other.Id == check.Id);
        Assert.EndsWith(".", check.Why, StringComparison.Ordinal);
        Assert.NotEmpty(check.Tags);
        Assert.InRange(check.Request.MaxTokens!.Value, 1, 1024);
    });

    private static SmokeCheck Check(string id) => SmokeSuite.Checks.Single(check => check.Id == id);

    private static string? Fault(string id, SmokeAnswer answer) => Check(id).Fault(answer);
}
