using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Commands;

/// <summary>Reads the configuration file for a command, and says all that is wrong with it.</summary>
internal static class ConfigurationFile
{
    /// <summary>The configuration, or the exit code after everything that is wrong was said.</summary>
    public static (ModelMigrateConfig? Config, IReadOnlyList<ConfigProblem> Problems, ExitCode Code) Read(CommandContext context, FileInfo file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file.FullName);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, [], context.Fail(ExitCode.Usage, Unreadable(file, unreadable)));
        }

        var result = ConfigReader.Read(bytes, file.Name, context.Terminal.Environment);
        foreach (var problem in result.Problems)
        {
            context.Terminal.Error.WriteLine(problem.ToString());
        }

        return (result.Config, result.Problems, result.Config is null ? ExitCode.Usage : ExitCode.Ok);
    }

    /// <summary>Why the file cannot be read, and what to do.</summary>
    public static string Unreadable(FileInfo file, Exception why)
    {
        var remedy = file.Name == "model-migrate.yaml" ? "Name your file with --config; samples/first-migration shows a small one." : "Name an existing file with --config.";
        return $"Cannot read {file.FullName}: {why.Message} {remedy}";
    }
}
