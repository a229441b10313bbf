using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Scripts;

/// <summary>
/// The running node and python3 that call the scripts of one configuration, each one call at a time. They have no environment, a temporary folder to work in,
/// and limits of time and memory; node has its permission model. Owns the folder and ends them all when it is disposed of.
/// </summary>
/// <param name="path">The caller's <c>PATH</c>, in which they are looked for.</param>
/// <param name="limits">What a call may use.</param>
/// <param name="time">Measures how long a call takes.</param>
public sealed class ScriptPool(string? path, ScriptLimits limits, TimeProvider time) : IDisposable
{
    /// <summary>Blocks of 512 bytes that one file may have.</summary>
    private const int MostBlocks = 65536;

    private static readonly string[] s_permissions = ["--permission", "--experimental-permission"];
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-scripts-");
    private readonly ConcurrentDictionary<ScriptLanguage, IReadOnlyList<string>> _words = new();
    private readonly ConcurrentDictionary<ScriptLanguage, ConcurrentBag<CommandProcess>> _idle = new();
    private readonly ConcurrentDictionary<PromptfooScript, string> _files = new();
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    private long _cases;

    /// <summary>Null when the language's program is there and answers; else what is wrong. Asked before any script is called.</summary>
    public string? Prepare(ScriptLanguage language)
    {
        var (program, code) = language == ScriptLanguage.JavaScript ? (NodeProgram.Name, NodeProgram.Code) : (PythonProgram.Name, PythonProgram.Code);
        File.WriteAllText(Path.Combine(_folder.FullName, program), code);
        File.WriteAllText(Path.Combine(_folder.FullName, "package.json"), "{}");
        var (name, wrong) = (language == ScriptLanguage.JavaScript ? "node" : "python3", "it is not in PATH");
        foreach (var found in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).Where(File.Exists))
        {
            foreach (var words in Words(language, found, program))
            {
                _words[language] = words;
                if (Ask(language, new JsonObject { ["ready"] = true }, s_start, out wrong) is not null)
                {
                    return null;
                }
            }
        }

        return $"{name} cannot run scripts: {wrong}. {(language == ScriptLanguage.JavaScript ? "Install Node 20 or newer, which has a permission model" : "Install Python 3.8 or newer")}, or remove those assertions.";
    }

    /// <summary>Calls a script that judges. <paramref name="value"/>: its code, for one that is no file.</summary>
    public async Task<OutsideResult> CallAsync(PromptfooScript script, string value, double? threshold, JsonNode? output, JsonNode context, CancellationToken cancel)
    {
        var (answer, wrong) = await AskAsync(script, value, output, context, cancel);
        return answer is null ? new OutsideResult { Missing = $"The script {wrong}." }
            : answer.Value.TryGetProperty("error", out var error) ? new OutsideResult { Broken = $"The script ended with an error: {error.GetString()}" }
            : ScriptVerdict.Of(answer.Value.TryGetProperty("value", out var said) ? said : default, script.Language, threshold);
    }

    /// <summary>Calls a function that sums up scores; it has to return a group.</summary>
    internal async Task<OutsideResult> SumAsync(PromptfooScript script, JsonNode names, JsonNode context, CancellationToken cancel)
    {
        var (answer, wrong) = await AskAsync(script, "", names, context, cancel);
        return answer is null ? new OutsideResult { Missing = $"The script {wrong}." }
            : answer.Value.TryGetProperty("error", out var error) ? new OutsideResult { Broken = $"The script ended with an error: {error.GetString()}" }
            : answer.Value.TryGetProperty("value", out var said) && said.ValueKind == JsonValueKind.Object ? ScriptVerdict.Of(said, script.Language, threshold: null)
            : new OutsideResult { Broken = "The function must return {pass, score, reason}." };
    }

    /// <summary>Calls a script for its value; of kind undefined, and why, where there is none.</summary>
    public async Task<(JsonElement Value, string? Fault)> ValueAsync(PromptfooScript script, string code, JsonNode? output, JsonNode context, CancellationToken cancel)
    {
        var (answer, wrong) = await AskAsync(script, code, output, context, cancel);
        return answer is null ? (default, $"The script {wrong}.")
            : answer.Value.TryGetProperty("error", out var error) ? (default, $"The script ended with an error: {error.GetString()}")
            : (answer.Value.TryGetProperty("value", out var said) ? said : default, null);
    }

    public void Dispose()
    {
        _places.Dispose();
        foreach (var program in _idle.Values.SelectMany(static idle => idle))
        {
            program.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<(JsonElement? Answer, string Wrong)> AskAsync(PromptfooScript script, string value, JsonNode? output, JsonNode context, CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        try
        {
            var ask = new JsonObject { ["file"] = script.File is null ? null : _files.GetOrAdd(script, Keep), ["name"] = script.Function, ["code"] = script.File is null ? value : null, ["output"] = output, ["context"] = context };
            return await Task.Run(() => Ask(script.Language, ask, limits.Time, out var wrong) is { } answer ? ((JsonElement?)answer, "") : (null, wrong), cancel);
        }
        finally
        {
            _places.Release();
        }
    }

    private JsonElement? Ask(ScriptLanguage language, JsonObject ask, TimeSpan limit, out string wrong)
    {
        var number = Interlocked.Increment(ref _cases);
        ask["case"] = number;
        var idle = _idle.GetOrAdd(language, static _ => []);
        wrong = "";
        if (!idle.TryTake(out var program) && (program = CommandProcess.TryStart(_words[language], path: null, _folder.FullName, time, out var impossible, limits.Memory)) is null)
        {
            wrong = $"cannot be started: {impossible}";
            return null;
        }

        var answer = program.Ask([.. Encoding.UTF8.GetBytes(ask.ToJsonString()), (byte)'\n'], limit);
        if (answer.Line is not null && Read(answer.Line, number) is { } read)
        {
            idle.Add(program);
            return read;
        }

        // What else it has to say is nobody's answer.
        program.Dispose();
        wrong = answer.Wrong ?? "answered something else than its value";
        return null;
    }

    private static JsonElement? Read(string line, long number)
    {
        try
        {
            var answer = JsonSerializer.Deserialize<JsonElement>(line);
            return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("case", out var which) && which.ValueKind == JsonValueKind.Number && which.TryGetInt64(out var whose) && whose == number ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Node 20 has the permission model by an older name.</summary>
    private IEnumerable<IReadOnlyList<string>> Words(ScriptLanguage language, string found, string program)
    {
        string[] limited = OperatingSystem.IsWindows() ? [found] : ["/bin/sh", "-c", $"ulimit -f {MostBlocks}; ulimit -c 0; exec /usr/bin/env -i \"$0\" \"$@\"", found];
        var (run, inside) = (Path.Combine(_folder.FullName, program), Path.Combine(_folder.FullName, "*"));
        return language == ScriptLanguage.Python
            ? [[.. limited, "-I", "-B", "-u", run]]
            : [.. s_permissions.Select(permission => (IReadOnlyList<string>)
                [.. limited, permission, $"--allow-fs-read={inside}", $"--allow-fs-write={inside}", "--no-warnings", $"--max-old-space-size={limits.Memory >> 20}", run])];
    }

    /// <summary>Keeps a script's file in the folder, by a name of its own, and for modules of the newer kind by a second one.</summary>
    private string Keep(PromptfooScript script)
    {
        var name = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Code)))[..16]}-{script.File}";
        File.WriteAllText(Path.Combine(_folder.FullName, name), script.Code);
        if (name.EndsWith(".js", StringComparison.Ordinal))
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name + ".mjs"), script.Code);
        }

        return name;
    }
}
