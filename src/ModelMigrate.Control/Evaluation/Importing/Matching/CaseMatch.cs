using System.Globalization;

namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>The cases of two runs, side by side: what both have by subject, checks and prompt, and what one has alone, and why.</summary>
public sealed class CaseMatch
{
    private readonly Dictionary<LeftOverReason, List<string>>[] _alone = [[], []];

    private CaseMatch(IReadOnlyList<MatchedCase> cases) => Cases = cases;

    /// <summary>In the source's order, then what the target has alone.</summary>
    public IReadOnlyList<MatchedCase> Cases { get; }

    public long Paired { get; private set; }

    public IReadOnlyDictionary<LeftOverReason, List<string>> OnlySource => _alone[0];

    public IReadOnlyDictionary<LeftOverReason, List<string>> OnlyTarget => _alone[1];

    /// <summary>Whether a run has a subject in several cases, as with several prompts: these are alike, and a subject is then the cluster of its cases.</summary>
    public bool HasClusters { get; private init; }

    /// <summary>A case that a run asked with several prompts, when prompts do not count; null for none.</summary>
    public string? Ambiguous { get; private init; }

    /// <summary><paramref name="ignoresPrompts"/>: the same subject and checks are the same case, whatever the prompt was.</summary>
    public static CaseMatch Of(ImportedRun source, ImportedRun target, bool ignoresPrompts)
    {
        var (first, second) = (Merged(source, ignoresPrompts, out var one), Merged(target, ignoresPrompts, out var other));
        var (cases, names) = (new List<MatchedCase>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var (key, before) in first)
        {
            cases.Add(new MatchedCase(Unique(names, before.Name), before, second.GetValueOrDefault(key)));
        }

        cases.AddRange(second.Where(each => !first.ContainsKey(each.Key)).Select(each => new MatchedCase(Unique(names, each.Value.Name), Source: null, each.Value)));
        var match = new CaseMatch(cases)
        {
            Paired = cases.LongCount(static each => each is { Source: not null, Target: not null }), HasClusters = RepeatsSubjects(first) || RepeatsSubjects(second), Ambiguous = one ?? other,
        };
        match.Explain(0, cases.Where(static each => each.Target is null).Select(static each => (each.Name, each.Source!)), second.Values);
        match.Explain(1, cases.Where(static each => each.Source is null).Select(static each => (each.Name, each.Target!)), first.Values);
        return match;
    }

    private static Dictionary<(string, string, string), ImportedCase> Merged(ImportedRun run, bool ignoresPrompts, out string? ambiguous)
    {
        ambiguous = null;
        var merged = new Dictionary<(string, string, string), ImportedCase>();
        foreach (var repeats in run.Cases.GroupBy(each => (each.Subject, each.Checks, ignoresPrompts ? "" : each.Prompt)))
        {
            List<ImportedCase> all = [.. repeats];
            ambiguous ??= all.Exists(each => each.Prompt != all[0].Prompt) ? all[0].Name : null;
            merged[repeats.Key] = all.Count == 1 ? all[0] : all[0] with
            {
                Scores = all.SelectMany(static each => each.Scores).GroupBy(static score => score.Key, static score => score.Value, StringComparer.Ordinal)
                    .ToDictionary(static of => of.Key, static of => of.Average(), StringComparer.Ordinal),
                IsError = all.TrueForAll(static each => each.IsError),
            };
        }

        return merged;
    }

    private static bool RepeatsSubjects(Dictionary<(string, string, string), ImportedCase> cases) => cases.Values.Select(static each => each.Subject).Distinct(StringComparer.Ordinal).Count() < cases.Count;

    private static string Unique(Dictionary<string, int> names, string name)
    {
        var count = names[name] = names.GetValueOrDefault(name) + 1;
        return count == 1 ? name : Unique(names, string.Create(CultureInfo.InvariantCulture, $"{name} #{count}"));
    }

    private void Explain(int side, IEnumerable<(string Name, ImportedCase Case)> alone, IEnumerable<ImportedCase> others)
    {
        var (asked, known) = (new HashSet<(string, string)>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var other in others)
        {
            asked.Add((other.Subject, other.Checks));
            known.Add(other.Subject);
        }

        foreach (var (name, each) in alone)
        {
            var reason = asked.Contains((each.Subject, each.Checks)) ? LeftOverReason.OtherPrompt : known.Contains(each.Subject) ? LeftOverReason.OtherChecks : LeftOverReason.NotThere;
            (_alone[side].TryGetValue(reason, out var names) ? names : _alone[side][reason] = []).Add(name);
        }
    }
}
