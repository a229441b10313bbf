using System.Diagnostics;

namespace ModelMigrate.Tests.Support;

/// <summary>promptfoo where the bench beside it installs it.</summary>
internal static class PromptfooProgram
{
    public static string Folder { get; } = Path.Combine(Architecture.Source.Root, "artifacts", "promptfoo");

    public static string File { get; } = Path.Combine(Folder, "node_modules", ".bin", "promptfoo");

    /// <summary>Runs it with a state folder of its own, and without the network.</summary>
    public static Task<(int Code, string Out, string Error)> RunAsync(string state, params string[] arguments) => RunAsync(state, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>The same, with variables of the environment.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(string state, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(File, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Directory.CreateDirectory(state).FullName };
        foreach (var (name, value) in new[] { ("PROMPTFOO_CONFIG_DIR", state), ("PROMPTFOO_DISABLE_TELEMETRY", "1"), ("PROMPTFOO_DISABLE_UPDATE", "1"), ("PROMPTFOO_DISABLE_REMOTE_GENERATION", "1"), ("FORCE_COLOR", "0") }.Concat(variables.Select(static pair => (pair.Key, pair.Value))))
        {
            start.Environment[name] = value;
        }

        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();
        return (program.ExitCode, await output, await error);
    }
}
