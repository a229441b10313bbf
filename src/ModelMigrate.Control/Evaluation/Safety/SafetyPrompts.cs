using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Control.Evaluation.Datasets;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>The prompts of a run: built-in suites and files of one's own, each prompt once. Owned by one reading.</summary>
public sealed class SafetyPrompts
{
    /// <summary>More are refused: they are kept in memory.</summary>
    public const int Most = 200_000;

    private readonly List<SafetyPrompt> _all = [];
    private readonly List<string> _suites = [];
    private readonly HashSet<ulong> _seen = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public IReadOnlyList<SafetyPrompt> All => _all;

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<string> Suites => _suites;

    /// <summary>Prompts that stood there before, and are not asked again: two answers to one prompt do not count as two.</summary>
    public long Repeated { get; private set; }

    public bool HasBuiltIn => _all.Exists(static prompt => prompt.Harmful is not null);

    /// <summary>SHA-256 over all that is asked, in hex. Asked once, after the last was added.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Adds a built-in suite; false when there is none of that name, or it is there already.</summary>
    public bool TryAdd(string suite)
    {
        var prompts = SmokeSuites.Of(suite);
        if (prompts.Count == 0 || _suites.Contains(suite, StringComparer.Ordinal))
        {
            return false;
        }

        _suites.Add(suite);
        foreach (var prompt in prompts)
        {
            Add(prompt);
        }

        return true;
    }

    /// <summary>Adds a file of prompts as a suite; <paramref name="problems"/> hears what is wrong.</summary>
    public async Task ReadAsync(string suite, string path, ColumnMap map, DatasetProblems problems, CancellationToken cancel)
    {
        if (_suites.Contains(suite, StringComparer.Ordinal))
        {
            problems.Add(path, 0, $"there are two suites named {suite}. Name this one otherwise: --prompts NAME={path}.");
            return;
        }

        _suites.Add(suite);
        long rows = 0;
        await foreach (var row in new Dataset(path, map, RowFilter.All).ReadAsync(problems, hash: null, cancel))
        {
            rows++;
            if (_all.Count == Most)
            {
                problems.Add(path, row.Line, $"there are more than {Most} prompts. Split them into several runs.");
                return;
            }

            Add(new SafetyPrompt(suite, row, Harmful: null));
        }

        if (rows == 0 && problems.Count == 0)
        {
            problems.Add(path, 0, "it has no prompts. Write one JSON object a line, for example {\"prompt\":\"…\"}, or one prompt a line in a file that ends in .txt.");
        }
    }

    private void Add(SafetyPrompt prompt)
    {
        if (!_seen.Add(RowHash.OfMessages(prompt.Row)))
        {
            Repeated++;
            return;
        }

        _all.Add(prompt);
        _hash.AppendData(Encoding.UTF8.GetBytes($"{prompt.Id}\0{prompt.Harmful}\0"));
        _hash.AppendData(RowHash.Of(prompt.Row));
    }
}
