using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;

namespace ModelMigrate.Tests.Core.Configuration;

public sealed class EnvironmentSwitchTests
{
    private const string File = """
        providers: { openai: , groq: { kind: openai }, local-whisper: { kind: openai } }
        models:
          gpt: openai
          llama: groq
          both: { provider: openai, endpoints: [groq] }
          whisper-groq: { provider: groq, capabilities: [transcription] }
          whisper: { provider: local-whisper, capabilities: [transcription] }
        routes:
          chat: { model: gpt, fallback: [llama], newModel: both }
          wide: both
          speech: { model: whisper-groq, fallback: [whisper] }
          moving: { model: gpt, fallback: [llama], newModel: both }
        migrations:
          MIG-1: { route: moving, to: both }
        """;

    [Fact]
    public void None_Set_TheFileStands()
    {
        var (config, warnings) = Read();
        Assert.Equal("gpt", config!.FindRoute(new("chat"))!.Model.Value);
        Assert.Null(config.FindRoute(new("chat"))!.Strategy);
        Assert.Empty(warnings);
    }

    [Fact]
    public void PrimaryProvider_RoutesThatCan_AreServedByItFirst_MigratingOnesAreNot()
    {
        var (config, warnings) = Read(("PRIMARY_PROVIDER", "groq"));
        Assert.Equal("llama gpt", Models(config, "chat"));
        Assert.Equal("gpt llama", Models(config, "moving"));
        Assert.Equal("whisper-groq whisper", Models(config, "speech"));
        Assert.Equal(["The environment overrides the file: PRIMARY_PROVIDER=groq, so that the routes 'chat' are served by it first."], warnings);
    }

    [Fact]
    public void PrimarySpeechProvider_OnlyRoutesOfSpeech()
    {
        var (config, _) = Read(("PRIMARY_STT_PROVIDER", "local-whisper"), ("PRIMARY_PROVIDER", "openai"));
        Assert.Equal(("whisper whisper-groq", "gpt llama"), (Models(config, "speech"), Models(config, "chat")));
    }

    [Fact]
    public void EnableProvider_False_ItsModelsAndEndpointsAreNotCalled()
    {
        var (config, warnings) = Read(("ENABLE_LOCAL_WHISPER", "false"));
        Assert.Equal("whisper-groq", Models(config, "speech"));
        Assert.Equal(["The environment overrides the file: ENABLE_LOCAL_WHISPER=false, so that no model of 'local-whisper' is called."], warnings);

        var (withoutGroq, _) = Read(("ENABLE_GROQ", "false"));
        Assert.Equal(("gpt", "whisper"), (Models(withoutGroq, "chat"), Models(withoutGroq, "speech")));
        Assert.Empty(withoutGroq!.FindModel(new("both"))!.Endpoints);
        Assert.Equal("gpt llama", Models(Read(("ENABLE_GROQ", "true")).Config, "chat"));
    }

    [Fact]
    public void EnableProvider_FalseForWhatMigrates_IsRefused()
    {
        var result = ConfigReader.Read(File, "f.yaml", Environment(("ENABLE_OPENAI", "false")));
        Assert.Null(result.Config);
        Assert.Contains(result.Problems, problem => problem is { Code: "switched-off", Path: "routes.moving" });
    }

    [Fact]
    public void NewFlags_True_ChangeWhatTheyName()
    {
        var (config, warnings) = Read(("FF_NEW_ROUTING", "true"), ("FF_NEW_CACHING", "1"), ("FF_NEW_MODELS", "true"));
        Assert.Equal("both gpt llama", Models(config, "chat"));
        Assert.Equal("gpt llama", Models(config, "moving"));
        Assert.Equal(EndpointStrategy.QualityFirst, config!.FindRoute(new("wide"))!.Strategy);
        Assert.Equal(TimeSpan.FromSeconds(3600), config.FindRoute(new("wide"))!.Cache!.TimeToLive);
        Assert.Null(config.FindRoute(new("moving"))!.Cache);
        Assert.Equal(3, warnings.Count);
    }

    [Fact]
    public void MigrationMode_Set_RoutesWithANewModelAreHybridAndMigratingOnesAreNot()
    {
        Assert.Empty(Read().Config!.Hybrids);
        var (config, warnings) = Read(("MIGRATION_MODE", "new-primary"), ("FF_NEW_MODELS", "true"));
        Assert.Equal([("MIG-mode-chat", "chat", "both", HybridMode.NewPrimary)], config!.Hybrids.Select(h => (h.Id.Value, h.Route.Value, h.To.Value, h.Mode)));
        Assert.Equal("gpt llama", Models(config, "chat"));
        Assert.Contains("The environment overrides the file: MIGRATION_MODE=new-primary, so that the routes 'chat' are in this mode.", warnings);
    }

    [Theory]
    [InlineData("MIGRATION_MODE", "both", "The environment variable MIGRATION_MODE is 'both', which is no mode. -> Set it to legacy-primary, new-primary, hybrid, or not at all.")]
    [InlineData("PRIMARY_PROVIDER", "grok", "The environment variable PRIMARY_PROVIDER names the provider 'grok', which is not declared. -> Set it to groq, or not at all.")]
    [InlineData("FF_NEW_ROUTING", "on", "The environment variable FF_NEW_ROUTING is neither true nor false. -> Set it to true or false, or not at all.")]
    [InlineData("ENABLE_GROQ", "maybe", "The environment variable ENABLE_GROQ is neither true nor false. -> Set it to true or false, or not at all.")]
    public void Value_ThatIsNone_IsAnError(string name, string value, string expected)
    {
        var result = ConfigReader.Read(File, "f.yaml", Environment((name, value)));
        Assert.Null(result.Config);
        var problem = Assert.Single(result.Problems, each => each.Severity == ConfigSeverity.Error);
        Assert.Equal(expected, $"{problem.Message} -> {problem.Remedy}");
    }

    private static string Models(ModelMigrateConfig? config, string route) =>
        string.Join(' ', config!.FindRoute(new(route))!.Fallback.Prepend(config.FindRoute(new(route))!.Model));

    private static (ModelMigrateConfig? Config, List<string> Warnings) Read(params (string Name, string Value)[] variables)
    {
        var result = ConfigReader.Read(File, "f.yaml", Environment(variables));
        Assert.True(result.Config is not null, string.Join('\n', result.Problems));
        return (result.Config, [.. result.Problems.Where(problem => problem.Code == "switch").Select(problem => problem.Message)]);
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}
