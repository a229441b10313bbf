using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Configuration.Switches;

/// <summary>The environment variables that override the file.</summary>
public static class SwitchNames
{
    /// <summary>The provider whose models serve wherever a route can have one.</summary>
    public const string PrimaryProvider = "PRIMARY_PROVIDER";

    /// <summary>The same for routes whose model turns speech into text.</summary>
    public const string PrimarySpeechProvider = "PRIMARY_STT_PROVIDER";

    /// <summary>Every route's strategy becomes <c>quality-first</c>.</summary>
    public const string NewRouting = "FF_NEW_ROUTING";

    /// <summary>Every route keeps its answers for an hour.</summary>
    public const string NewCaching = "FF_NEW_CACHING";

    /// <summary>Every route that names a <c>newModel</c> is served by it.</summary>
    public const string NewModels = "FF_NEW_MODELS";

    /// <summary>The mode of every hybrid migration, and of every route with a <c>newModel</c> that has no migration.</summary>
    public const string MigrationMode = "MIGRATION_MODE";

    /// <summary>A model with this word among its capabilities turns speech into text.</summary>
    public const string Speech = "transcription";

    /// <summary>The switch of one provider: <c>ENABLE_GROQ</c>, <c>ENABLE_LOCAL_WHISPER</c> for <c>local-whisper</c>.</summary>
    public static string Enable(ProviderId provider) =>
        "ENABLE_" + string.Concat(provider.Value.Select(static c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
