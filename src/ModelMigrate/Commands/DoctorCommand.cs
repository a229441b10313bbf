using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Output;
using ModelMigrate.Serving;
using Spectre.Console;

namespace ModelMigrate.Commands;

/// <summary><c>doctor</c>: what is loaded and whether a server could start here.</summary>
internal static class DoctorCommand
{
    private const long LeastFreeBytes = 256L * 1024 * 1024;

    private enum Health
    {
        Ok,
        Warning,
        Failed,
    }

    public static Command Create(Terminal terminal)
    {
        var urls = SharedOptions.Urls();
        return new Verb("doctor", "Check what a server needs: runtime, SQLite, ports, data directory, configuration.",
            "model-migrate doctor", "model-migrate doctor --config model-migrate.yaml --urls http://127.0.0.1:8080 --json")
            { SharedOptions.Config, SharedOptions.Data, urls }
            .Runs(terminal, context =>
            {
                var findings = new List<Finding>
                {
                    new("runtime", Health.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors"),
                    Sqlite(),
                };
                findings.AddRange(context.Parsed.GetValue(urls)!.Split(';').Select(Port));
                findings.Add(Data(context.Parsed.GetValue(SharedOptions.Data)!));
                findings.Add(Configuration(context));
                Say(context, findings);
                return Task.FromResult(
                    findings.Exists(f => f is { Name: "configuration", Health: Health.Failed }) ? ExitCode.Usage
                    : findings.Exists(f => f.Health == Health.Failed) ? ExitCode.Infrastructure
                    : ExitCode.Ok);
            });
    }

    private static void Say(CommandContext context, List<Finding> findings)
    {
        context.WriteJson(findings);
        var table = new Table().Border(TableBorder.Simple).AddColumns("check", "result", "detail");
        foreach (var finding in findings)
        {
            table.AddRow(new Text(finding.Name), new Text(finding.Health.ToString().ToLowerInvariant()), new Text(finding.Detail));
        }

        context.Say(table);
    }

    private static Finding Sqlite()
    {
        try
        {
            var version = NativeSqlite.Load();
            // The memory map names the file that the loader really took.
            var library = File.Exists("/proc/self/maps")
                ? File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).FirstOrDefault(path => path.Contains("sqlite3", StringComparison.Ordinal))
                : null;
            return new("sqlite", Health.Ok, $"{version} from {library ?? "the system"}");
        }
        catch (DllNotFoundException missing)
        {
            return new("sqlite", Health.Failed, $"{missing.Message} Install it: apt-get install libsqlite3-0.");
        }
    }

    private static Finding Port(string url) =>
        FreePort.Problem(url) is { } problem ? new("port", Health.Failed, problem) : new("port", Health.Ok, $"{url} is free");

    private static Finding Data(DirectoryInfo directory)
    {
        if (!directory.Exists)
        {
            return new("data", Health.Ok, $"{directory.FullName} does not exist yet; serve creates it");
        }

        using var data = DataDirectory.TryOpen(directory.FullName, out var problem);
        if (data is null)
        {
            return new("data", Health.Failed, problem);
        }

        var free = new DriveInfo(data.Path).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{data.Path} can be written, {free / 1048576.0:0} MiB free");
        return free < LeastFreeBytes ? new("data", Health.Warning, $"{text}: too little for a journal that grows; free some.") : new("data", Health.Ok, text);
    }

    private static Finding Configuration(CommandContext context)
    {
        var file = context.Parsed.GetValue(SharedOptions.Config)!;
        if (!file.Exists && context.Parsed.GetResult(SharedOptions.Config) is not { Implicit: false })
        {
            return new("configuration", Health.Warning, $"no {file.Name} here; name one with --config");
        }

        var (config, problems, _) = ConfigurationFile.Read(context, file);
        return config is null ? new("configuration", Health.Failed, $"{file.Name}: {problems.Count} problems, see above")
            : new("configuration", problems.Count > 0 ? Health.Warning : Health.Ok, $"{file.Name} is valid, {config.Routes.Count} routes, {config.Migrations.Count} migrations");
    }

    private sealed record Finding(string Name, Health Health, string Detail);
}
