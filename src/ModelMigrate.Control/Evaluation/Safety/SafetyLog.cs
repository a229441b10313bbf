using System.Text;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>
/// What a folder keeps of safety runs: a line of JSON for each answer, there before it counts, so that a run that was killed goes on where it stopped. One
/// process at a time; within it any number of writers.
/// </summary>
public sealed class SafetyLog : IDisposable
{
    public const string FileName = "answers.jsonl";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    private readonly Dictionary<string, KeptAnswer> _kept = new(StringComparer.Ordinal);
    private readonly FileStream _file;
    private readonly Lock _writing = new();

    private SafetyLog(FileStream file) => _file = file;

    /// <summary>Opens or creates a folder's log, else says what is wrong and what to do. A last line that a kill cut short is taken away.</summary>
    /// <param name="folder">Of the results.</param>
    /// <param name="isFresh">Whether nothing is taken from earlier runs; what they left is deleted.</param>
    /// <param name="problem">Empty when it was opened.</param>
    public static SafetyLog? TryOpen(string folder, bool isFresh, out string problem)
    {
        problem = "";
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var log = new SafetyLog(new FileStream(path, new FileStreamOptions { Mode = isFresh ? FileMode.Create : FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 }));
            if (log.Read() is not { } wrong)
            {
                return log;
            }

            log.Dispose();
            problem = $"{path}:{wrong} is no answer of a run. Name another folder with --out, or ask everything anew with --no-cache, which deletes it.";
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            problem = $"The answers cannot be kept in {path}: {failed.Message} If another run uses the folder, wait for it; else see that it is writable, or name another with --out.";
        }

        return null;
    }

    internal KeptAnswer? Find(string key)
    {
        lock (_writing)
        {
            return _kept.GetValueOrDefault(key);
        }
    }

    /// <summary>Keeps an answer, or a newer judgement of it. When it returns, a killed process has it too.</summary>
    internal void Add(KeptAnswer answer)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer, s_json) + "\n");
        lock (_writing)
        {
            _file.Write(line);
            _kept[answer.Key] = answer;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Takes in what is there; answers the number of the line that cannot be read, or null.</summary>
    private int? Read()
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var (whole, number) = (0L, 0);
        while (reader.ReadLine() is { } line)
        {
            var end = whole + Encoding.UTF8.GetByteCount(line) + 1;
            if (end > _file.Length)
            {
                break;
            }

            number++;
            if (Parsed(line) is not { } answer)
            {
                return number;
            }

            (whole, _kept[answer.Key]) = (end, answer);
        }

        _file.SetLength(whole);
        _file.Position = whole;
        return null;
    }

    private static KeptAnswer? Parsed(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptAnswer>(line, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
