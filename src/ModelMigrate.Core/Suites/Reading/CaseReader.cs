using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Core.Suites.Smoke;

namespace ModelMigrate.Core.Suites.Reading;

/// <summary>Reads what a suite consists of: prompts, contracts, parity, commands, the built-in smoke suite.</summary>
internal sealed class CaseReader(SourceFile file, IReadOnlyCollection<string> commands)
{
    private const int MostTries = 100;

    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_most = TimeSpan.FromHours(6);

    private static readonly string[] s_groups = ["cases", "contract", "run"];

    private readonly ContractReader _contracts = new(file);
    private readonly AssertionReader _assertions = new(PromptfooMode.Strict);

    /// <summary>The cases of a suite; null when what should hold them was refused.</summary>
    /// <param name="suite">Its keys.</param>
    /// <param name="terms">What the suite says of all its cases.</param>
    public IReadOnlyList<SuiteCase>? Read(MapReader suite, CaseTerms terms)
    {
        var (found, names, isRefused) = (new List<SuiteCase>(), new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var each in Smoke(suite, terms))
        {
            Add(each, suite.Place);
        }

        foreach (var (entry, path) in suite.Entries("cases"))
        {
            Add(Group(suite, entry, path, "Write 'prompt:' and 'assert:' indented under it.") is { } reader ? Prompt(entry, path, reader, terms) : null, entry.Key);
        }

        foreach (var (entry, path) in suite.Entries("contract"))
        {
            Add(Group(suite, entry, path, "Write 'request:' and 'expect:' indented under it.") is { } reader ? _contracts.Read(entry, reader, terms) : null, entry.Key);
        }

        if (suite.Has("parity"))
        {
            Add(ParityReader.Read(suite, terms), suite.At("parity"));
        }

        foreach (var (entry, path) in suite.Entries("run"))
        {
            Add(Command(suite, entry, path, terms), entry.Key);
        }

        return found.Count == 0 && (isRefused || suite.Has("smoke") || s_groups.Any(IsNoGroup)) ? null : found;

        bool IsNoGroup(string key) => suite.Node(key) is { IsNull: false } and not YamlMapping;

        void Add(SuiteCase? each, YamlNode at)
        {
            isRefused |= each is null;
            if (each is not null && !names.Add(each.Name))
            {
                file.Refuse(at, "duplicate-name", $"The suite has two cases of the name '{MapReader.Shown(each.Name)}'.", "Give each a name of its own, so that a result tells which it is of.");
            }

            found.AddRange(each is null ? [] : [each]);
        }
    }

    /// <summary>What every case may have, and a suite for all its cases.</summary>
    public static CaseTerms Terms(MapReader reader, CaseTerms terms)
    {
        var tags = new List<string>(terms.Tags);
        foreach (var (node, path) in reader.Items("tags") ?? [])
        {
            if (reader.TextOf(node, node, path) is { } tag)
            {
                if (tag.AsSpan().ContainsAny(' ', ','))
                {
                    reader.Problems.Error(node, path, "bad-tag", $"{path}: '{MapReader.Shown(tag)}' could not be named by --tag.", "Write one word without commas.");
                }

                tags.Add(tag);
            }
        }

        var repeat = reader.Count("repeat", 1, MostTries) ?? terms.Repeat;
        var allowed = reader.Count("allowedFailures", 0, MostTries - 1) ?? terms.AllowedFailures;
        if (allowed >= repeat)
        {
            reader.Problems.Error(reader.At("allowedFailures"), reader.PathOf("allowedFailures"), "out-of-range",
                string.Create(CultureInfo.InvariantCulture, $"{reader.PathOf("allowedFailures")} is {allowed} of {repeat} tries, so what never passes would pass."), "Write fewer than 'repeat', or a larger 'repeat'.");
        }

        return new CaseTerms { Tags = [.. tags.Distinct(StringComparer.Ordinal)], Repeat = repeat, AllowedFailures = allowed, Timeout = reader.Duration("timeout", s_least, s_most) ?? terms.Timeout };
    }

    private static MapReader? Group(MapReader suite, YamlEntry entry, string path, string remedy)
    {
        if (entry.Value is YamlMapping)
        {
            return suite.Of(entry.Value, entry.Key, path);
        }

        suite.Problems.Error(entry.Value.IsNull ? entry.Key : entry.Value, path, "wrong-type", $"{path} must be a group of keys, not {entry.Value.Kind}.", remedy);
        return null;
    }

    private IReadOnlyList<SmokeCase> Smoke(MapReader suite, CaseTerms terms)
    {
        var without = new List<string>();
        switch (suite.Node("smoke"))
        {
            case null:
                return [];
            case YamlScalar { IsPlain: true, Text: "true" }:
                break;
            case YamlMapping:
                var group = suite.Group("smoke");
                foreach (var (node, path) in group.Items("without") ?? [])
                {
                    if (group.TextOf(node, node, path) is { } id)
                    {
                        without.Add(id);
                        Known(node, path, id);
                    }
                }

                group.Finish();
                break;
            case var other:
                file.Problems.Error(other, suite.PathOf("smoke"), "wrong-type", $"{suite.PathOf("smoke")} is neither true nor a group of keys.", "Write 'smoke: true', or 'smoke: {without: [tool-call]}'.");
                return [];
        }

        var cases = SmokeSuite.Cases(without, terms, suite.At("smoke").Start.Line);
        if (cases.Count == 0)
        {
            file.Problems.Error(suite.At("smoke"), suite.PathOf("smoke"), "no-cases", "No check of the smoke suite is left.", "Leave fewer of them out.");
        }

        return cases;
    }

    private void Known(YamlNode node, string path, string id)
    {
        var ids = SmokeSuite.Checks.Select(static check => check.Id).ToList();
        if (!ids.Contains(id, StringComparer.Ordinal))
        {
            file.Problems.Error(node, path, "bad-choice", $"The smoke suite has no check '{MapReader.Shown(id)}'.", NearestName.Of(id, ids) is { } near ? $"Write {near}." : $"Write of {string.Join(", ", ids)}.");
        }
    }

    private PromptCase Prompt(YamlEntry entry, string path, MapReader reader, CaseTerms terms)
    {
        var asserts = Asserts(reader, path);
        var (system, turns) = (new List<TextPart>(), new List<ChatTurn>());
        if (Long(reader, "system") is { } instructions)
        {
            system.Add(new TextPart(instructions));
        }

        var (prompt, messages) = (Long(reader, "prompt"), reader.Items("messages"));
        if (reader.Has("prompt") == reader.Has("messages"))
        {
            reader.Problems.Error(reader.Place, path, "missing-key", reader.Has("prompt") ? $"{path} has both a prompt and messages." : $"{path} asks nothing.", "Write either 'prompt:' with a text, or 'messages:' with a list of {role, content}.");
        }

        if (prompt is not null)
        {
            turns.Add(new ChatTurn(ChatRole.User, prompt));
        }

        foreach (var (node, at) in messages ?? [])
        {
            Message(reader, node, at, system, turns);
        }

        if (messages is { Count: > 0 } && turns.Count == 0 && !reader.Problems.HasErrors)
        {
            reader.Problems.Error(reader.At("messages"), $"{path}.messages", "bad-list", $"{path}.messages has no message of the user's.", "Add {role: user, content: …}.");
        }

        var found = new PromptCase
        {
            Name = entry.Key.Text,
            Line = entry.Key.Start.Line,
            Terms = Terms(reader, terms),
            Request = new ChatRequest { System = system, Turns = turns, Temperature = reader.Number("temperature", 0, 2), MaxTokens = reader.Count("maxTokens", 1, 1_000_000) },
            Test = new PromptfooTest { Vars = new Dictionary<string, JsonElement>(StringComparer.Ordinal), Asserts = asserts },
        };
        reader.Finish();
        return found;
    }

    private IReadOnlyList<PromptfooAssertion> Asserts(MapReader reader, string path)
    {
        var node = reader.Node("assert");
        var before = reader.Problems.ToList().Count;
        var asserts = _assertions.Read(node, file);
        if (asserts.Count == 0 && reader.Problems.ToList().Count == before)
        {
            reader.Problems.Error(reader.At("assert"), $"{path}.assert", "no-assertions", $"{path} has no assertions, so every answer would pass.", "Write for example 'assert: [{type: icontains, value: paris}]'.");
        }

        foreach (var each in asserts.Concat(asserts.SelectMany(static each => each.Set)))
        {
            if (each.Value.ValueKind != JsonValueKind.Undefined && each.Value.GetRawText().Contains("{{", StringComparison.Ordinal))
            {
                reader.Problems.Error(node!, $"{path}.assert", "no-variables", $"{path}: the value of '{each.Type}' names a variable, and cases of a suite have none.", "Write the text out.");
            }
        }

        return asserts;
    }

    private static void Message(MapReader reader, YamlNode node, string path, List<TextPart> system, List<ChatTurn> turns)
    {
        if (node is not YamlMapping || reader.Of(node, node, path) is not { } message)
        {
            reader.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write for example {role: user, content: Hello}.");
            return;
        }

        message.Missing("role", "Write system, user or assistant.");
        message.Missing("content", "Write the text.");
        var role = message.Choice("role", ("user", ChatRole.User), ("assistant", ChatRole.Assistant), ("system", ChatRole.System));
        if (Long(message, "content") is { } content && role is { } known)
        {
            if (known == ChatRole.System && turns.Count == 0)
            {
                system.Add(new TextPart(content));
            }
            else
            {
                turns.Add(new ChatTurn(known, content));
            }
        }

        message.Finish();
    }

    /// <summary>A text of any length, as it stands there: a prompt may speak of <c>${NAME}</c>.</summary>
    private static string? Long(MapReader reader, string key)
    {
        switch (reader.Node(key))
        {
            case null:
                return null;
            case YamlScalar { IsNull: false, Text.Length: > 0 } text:
                return text.Text;
            case var other:
                reader.Problems.Error(reader.At(key), reader.PathOf(key), "wrong-type", $"{reader.PathOf(key)} must be a text, not {(other is YamlScalar ? "nothing" : other.Kind)}.", $"Write '{key}: …', or '{key}: |' with the lines under it.");
                return null;
        }
    }

    private CommandCase? Command(MapReader suite, YamlEntry entry, string path, CaseTerms terms)
    {
        if (entry.Value is not YamlScalar { IsNull: false, Text: var text })
        {
            file.Problems.Error(entry.Value.IsNull ? entry.Key : entry.Value, path, "wrong-type", $"{path} must be a command of this program, not {entry.Value.Kind}.", "Write for example 'quality: evaluate --config evaluation.yaml'.");
            return null;
        }

        var verb = text.Split(' ', 2)[0];
        if (!commands.Contains(verb, StringComparer.Ordinal))
        {
            file.Problems.Error(entry.Value, path, "bad-choice", $"{path}: '{MapReader.Shown(verb)}' is no command that ends with a verdict.",
                NearestName.Of(verb, commands) is { } near ? $"Write {near}." : $"Write one of {string.Join(", ", commands)}.");
            return null;
        }

        // A command takes what it takes: it is not cut at the limit of an answer.
        return new CommandCase { Name = entry.Key.Text, Line = entry.Key.Start.Line, Command = text, Terms = suite.Has("timeout") ? terms : terms with { Timeout = s_most } };
    }
}
