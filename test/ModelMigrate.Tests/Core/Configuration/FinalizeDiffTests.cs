using ModelMigrate.Core.Configuration.Changes;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Tests.Core.Configuration;

public sealed class FinalizeDiffTests
{
    private const string Block = """
        # our models
        models: { m: openai, n: openai }
        providers:
          openai: # the account of team A

        routes:
          chat:
            model: m   # since 2024
            fallback: [n]
          other: "m"

        migrations:
          # the big one
          MIG-a: # see the ticket
            route: chat
            to: n
            # carefully
            steps:
              - 10%   # first

              - { weight: 50%, hold: 1h }

          # the other
          MIG-b: { route: other, to: n }

        retention: 7d
        """;

    [Fact]
    public void Create_Completed_ChangesOnlyTheLinesConcerned() => Assert.Equal(
        """
        --- f.yaml
        +++ f.yaml
        @@ -5,20 +5,11 @@

         routes:
           chat:
        -    model: m   # since 2024
        -    fallback: [n]
        +    model: n   # since 2024
        +    fallback: [m]
           other: "m"

         migrations:
        -  # the big one
        -  MIG-a: # see the ticket
        -    route: chat
        -    to: n
        -    # carefully
        -    steps:
        -      - 10%   # first
        -
        -      - { weight: 50%, hold: 1h }

           # the other
           MIG-b: { route: other, to: n }


        """.Replace("\n\n", "\n \n", StringComparison.Ordinal).TrimEnd() + "\n",
        FinalizeDiff.Create(Block, "f.yaml", new("MIG-a"), completed: true)!.Diff);

    [Fact]
    public void Create_RolledBack_RemovesOnlyTheMigration()
    {
        var result = FinalizeDiff.Create(Block, "f.yaml", new("MIG-b"), completed: false)!;

        Assert.Contains("model: m   # since 2024", result.Text, StringComparison.Ordinal);
        Assert.EndsWith("{ weight: 50%, hold: 1h }\n\nretention: 7d", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LastMigration_RemovesTheSection()
    {
        var once = FinalizeDiff.Create(Block, "f.yaml", new("MIG-a"), completed: true)!.Text;
        var result = FinalizeDiff.Create(once, "f.yaml", new("MIG-b"), completed: true)!;

        Assert.Contains("  other: n\n\nretention: 7d", result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("migrations", result.Text, StringComparison.Ordinal);
        Assert.Empty(Samples.Read(result.Text).Problems);
    }

    [Theory]
    [InlineData("{ MIG-a: { route: chat, to: n }, MIG-b: { route: other, to: n } }", "MIG-a", "{ MIG-b: { route: other, to: n } }")]
    [InlineData("{ MIG-a: { route: chat, to: n }, MIG-b: { route: other, to: n } }", "MIG-b", "{ MIG-a: { route: chat, to: n } }")]
    public void Create_FlowStyle_KeepsTheOtherEntries(string migrations, string id, string expected)
    {
        var text = $"providers: {{ openai: }}\nmodels: {{ m: openai, n: openai }}\nroutes: {{ chat: m, other: m }}\nmigrations: {migrations}\n";

        var result = FinalizeDiff.Create(text, "f.yaml", new MigrationId(id), completed: false)!;

        Assert.Equal(text.Replace(migrations, expected, StringComparison.Ordinal), result.Text);
        Assert.Empty(Samples.Read(result.Text).Problems);
    }

    [Theory]
    [InlineData("first-migration", "MIG-first")]
    [InlineData("hosted", "MIG-chat-claude")]
    public void Create_Sample_ReadsWithoutProblemsAfterwards(string sample, string id)
    {
        var text = Samples.Text(sample);
        var migration = Samples.Read(text).Config!.FindMigration(new(id))!;

        var result = FinalizeDiff.Create(text, "f.yaml", new(id), completed: true)!;

        var after = Samples.Read(result.Text);
        Assert.Empty(after.Problems);
        Assert.Empty(after.Config!.Migrations);
        Assert.Equal(migration.To, after.Config.FindRoute(migration.Route)!.Model);
        Assert.All(text.Split('\n').Where(line => line.StartsWith('#')), comment => Assert.Contains(comment, result.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_WindowsLineEndsAndByteOrderMark_Kept()
    {
        var text = "\uFEFF" + Samples.Text("first-migration").ReplaceLineEndings("\r\n");

        var result = FinalizeDiff.Create(text, "f.yaml", new("MIG-first"), completed: true)!;

        Assert.StartsWith("\uFEFF#", result.Text, StringComparison.Ordinal);
        Assert.Equal(result.Text.Count(c => c == '\n'), result.Text.Count(c => c == '\r'));
        Assert.Empty(Samples.Read(result.Text).Problems);
    }

    [Fact]
    public void Create_TargetThatNeedsQuotes_StaysValid()
    {
        const string Text = "providers: { openai: }\nmodels: { m: openai, \"n, v2\": openai }\nroutes: { chat: m }\nmigrations:\n  MIG-a:\n    route: chat\n    to: n, v2\n";

        var result = FinalizeDiff.Create(Text, "f.yaml", new("MIG-a"), completed: true)!;

        Assert.Equal("n, v2", Samples.Read(result.Text).Config!.Routes[0].Model.Value);
    }

    /// <summary>A model is not its own larger context: left in its place, the file could not be read any more.</summary>
    [Theory]
    [InlineData("{ model: m, largerContext: n, onCut: resume }", "{ model: n, onCut: resume }")]
    [InlineData("{ model: m, largerContext: n }", "{ model: n }")]
    [InlineData("{ model: m, largerContext: big }", "{ model: n, largerContext: big }")]
    [InlineData("\n    model: m\n    # for long ones\n    largerContext: n\n    fallback: [big]", "\n    model: n\n    fallback: [big]")]
    public void Create_TargetWasTheLargerContext_NamedNoMore(string route, string expected)
    {
        var text = $"providers: {{ openai: }}\nmodels: {{ m: openai, n: openai, big: openai }}\nroutes:\n  chat: {route}\nmigrations: {{ MIG-a: {{ route: chat, to: n }} }}\nretention: 7d\n";

        var result = FinalizeDiff.Create(text, "f.yaml", new("MIG-a"), completed: true)!;

        Assert.Contains($"  chat: {expected}\n", result.Text, StringComparison.Ordinal);
        Assert.Empty(Samples.Read(result.Text).Problems);
    }

    [Fact]
    public void Create_NothingDeclared_ChangesNothing() =>
        Assert.Equal("", FinalizeDiff.Create(Block, "f.yaml", new("MIG-z"), completed: true)!.Diff);

    [Fact]
    public void Create_NotYaml_Null() => Assert.Null(FinalizeDiff.Create("a: [", "f.yaml", new("MIG-a"), completed: true));
}
