using System.Text;
using ModelMigrate.Simulation;

namespace ModelMigrate.Tests.App.Simulation;

public sealed class SimulatedRequestTests
{
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"Hé"}],"max_tokens":5,"temperature":1,"user":"u"}""";

    [Theory]
    [InlineData("""{ "messages" : [ {"content":"H\u00e9", "role":"user"} ], "user":"\u0075", "temperature":1.0,"max_tokens":5, "model":"m" }""")]
    [InlineData("""{"model":"m","\u006dessages":[{"role":"user","content":"Hé"}],"max_tokens":5,"temperature":1e0,"user":"u"}""")]
    public void TryRead_SameMeaningWrittenOtherwise_SameHash(string other) => Assert.Equal(Read(Body).BodyHash, Read(other).BodyHash);

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"He"}],"max_tokens":5,"temperature":1,"user":"u"}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hé"}],"max_tokens":6,"temperature":1,"user":"u"}""")]
    [InlineData("""{"model":"u","messages":[{"role":"user","content":"Hé"}],"max_tokens":5,"temperature":1,"user":"m"}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hé"},{"role":"user","content":"Hé"}],"max_tokens":5,"temperature":1,"user":"u"}""")]
    public void TryRead_AnotherMeaning_AnotherHash(string other) => Assert.NotEqual(Read(Body).BodyHash, Read(other).BodyHash);

    [Fact]
    public void TryRead_OrderOfMessages_Matters() => Assert.NotEqual(
        Read("""{"model":"m","messages":[{"content":"a"},{"content":"b"}]}""").BodyHash,
        Read("""{"model":"m","messages":[{"content":"b"},{"content":"a"}]}""").BodyHash);

    [Theory]
    [InlineData("""{"model":"m","messages":[{}],"user":"u1"}""", SimulationProtocol.OpenAi)]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":1,"metadata":{"user_id":"u1"}}""", SimulationProtocol.Anthropic)]
    public void TryRead_User_IsFoundWhereTheProtocolPutsIt(string body, object protocol) =>
        Assert.Equal("u1", SimulatedRequest.TryRead((SimulationProtocol)protocol, Encoding.UTF8.GetBytes(body), out _)!.User);

    [Theory]
    [InlineData("", "could not parse")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("""{"messages":[{}]}""", "model parameter")]
    [InlineData("""{"model":"m","messages":[]}""", "at least one message")]
    [InlineData("""{"model":"m","messages":[{}]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"m","messages":[{}],"max_tokens":0}""", "max_tokens: Field required")]
    public void TryRead_BadAnthropicBody_SaysWhy(string body, string expected)
    {
        Assert.Null(SimulatedRequest.TryRead(SimulationProtocol.Anthropic, Encoding.UTF8.GetBytes(body), out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    private static SimulatedRequest Read(string body)
    {
        var request = SimulatedRequest.TryRead(SimulationProtocol.OpenAi, Encoding.UTF8.GetBytes(body), out var problem);
        Assert.True(request is not null, problem);
        return request!;
    }
}
