using System.CommandLine;

namespace ModelMigrate.Commands;

/// <summary>Options that mean the same in every command.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Write JSON to standard output; people's text goes to standard error.",
        Recursive = true,
    };

    public static Option<FileInfo> Config { get; } = new("--config", "-c")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => new FileInfo("model-migrate.yaml"),
    };

    public static Option<DirectoryInfo> Data { get; } = new("--data")
    {
        Description = "Where the journal is kept.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("model-migrate-data"),
    };

    public static Option<string?> Server { get; } = new("--server")
    {
        Description = "The server to talk to. Default: MODEL_MIGRATE_SERVER, else http://127.0.0.1:8080. "
            + "Its admin token is read from MODEL_MIGRATE_ADMIN_TOKEN.",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string> MigrationId() => new("--migration-id", "-m") { Description = "The migration.", HelpName = "ID", Required = true };

    public static Option<string?> Reason() => new("--reason", "-r") { Description = "Why; goes into the journal.", HelpName = "TEXT" };

    public static Option<string> Urls() => new("--urls")
    {
        Description = "Where to listen, several with semicolons; port 0 takes a free one.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };
}
