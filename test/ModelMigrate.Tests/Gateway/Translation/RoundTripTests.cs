using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Neutral → protocol → neutral loses nothing that both protocols can say.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public void Request_WrittenAndRead_IsTheSame(ProviderKind kind) =>
        Prop.ForAll(NeutralGen.Requests.ToArbitrary(), request =>
        {
            var changes = new ChangeList();
            var body = Codec.Write(Codec.Model(kind, "m", Abilities.Effort, Abilities.StructuredOutputs), request, changes);
            Assert.True(changes.IsEmpty, changes.ToString());
            Assert.Null(Codec.Scan(kind, body)!.Untranslatable);
            Assert.Equal(Text(request), Text(Codec.Read(kind, body)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public void Request_ThroughTheOtherProtocol_IsTheSame(ProviderKind kind) =>
        Prop.ForAll(NeutralGen.Requests.ToArbitrary(), request =>
        {
            var other = kind == ProviderKind.OpenAi ? ProviderKind.Anthropic : ProviderKind.OpenAi;
            var there = Codec.Read(kind, Codec.Write(Codec.Model(kind, "m", Abilities.Effort, Abilities.StructuredOutputs), request));
            var back = Codec.Read(other, Codec.Write(Codec.Model(other, "m", Abilities.Effort, Abilities.StructuredOutputs), there));
            Assert.Equal(Text(request), Text(back));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public void Answer_WrittenAndRead_IsTheSame(ProviderKind kind) =>
        Prop.ForAll(NeutralGen.Results.ToArbitrary(), result =>
        {
            var back = Codec.ReadAnswer(Call(kind), Codec.WriteAnswer(kind, result));
            Assert.Equal(Text(result), Text(back));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public void Stream_WrittenAndReadInAnySplit_IsTheSame(ProviderKind kind)
    {
        var cases = NeutralGen.Streams.SelectMany(deltas => Gen.Choose(1, 60).ListOf(9).Select(sizes => (deltas, sizes: sizes.ToList())));
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var events = Codec.WriteStream(kind, sample.deltas);
            var back = Codec.ReadStream(Call(kind), events, sample.sizes);
            Assert.Equal(NeutralText.Of(sample.deltas), NeutralText.Of(back));
            Assert.Equal(sample.deltas.Last(d => d.Usage is not null).Usage, back.Last(d => d.Usage is not null).Usage);
            Assert.Equal(back, Codec.ReadStream(Call(kind), events, [events.Length * 4]));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The one thing that only one protocol says: the name of a schema.</summary>
    private static string Text(ChatRequest request) => NeutralText.Of(request with { Format = request.Format is null ? null : request.Format with { Name = null } });

    /// <summary>A client gets state tagged with its origin, and a provider has none.</summary>
    private static string Text(ChatResult result) => NeutralText.Of(
        result with { Parts = [.. result.Parts.Select(part => part is ThinkingPart thinking ? thinking with { State = null } : part)] });

    private static ModelCall Call(ProviderKind kind) =>
        new() { Model = Codec.Model(kind, "m"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
}
