using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Asserting.Values;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads assertions. Whatever of them would not be checked as written is refused.</summary>
/// <param name="mode">In strict, what can only fail is refused too.</param>
/// <param name="allowsScripts">Whether programs are run; null where nothing could allow it.</param>
/// <param name="asksJudges">Whether models are asked to judge.</param>
internal sealed class AssertionReader(PromptfooMode mode, bool? allowsScripts = null, bool asksJudges = false)
{
    private readonly string _howToAllow = allowsScripts is null ? "Write a comparison as type: javascript." : "Run with --allow-scripts, which lets the configuration's programs run in a folder of their own, or write a comparison as type: javascript.";

    private static readonly string[] s_keys = ["type", "value", "threshold", "weight", "metric", "provider", "rubricPrompt", "config", "transform", "contextTransform"];

    public bool? AllowsScripts => allowsScripts;

    /// <summary>Reads the words of judges, here and for whole tests.</summary>
    public RubricPromptReader RubricPrompts { get; } = new(mode);

    public IReadOnlyList<PromptfooAssertion> Read(YamlNode? node, SourceFile file, bool inSet = false)
    {
        var read = new List<PromptfooAssertion>();
        foreach (var item in SourceFile.Items(node))
        {
            if (item is YamlScalar { Text: var reference } && reference.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
            {
                read.AddRange(file.Files.OpenTree(reference, file, item) is var (other, root) ? Read(root, other, inSet) : []);
            }
            else if (One(item, file, inSet) is { } assertion)
            {
                read.Add(assertion);
            }
        }

        return read;
    }

    private PromptfooAssertion? One(YamlNode item, SourceFile file, bool inSet)
    {
        var isSet = (item as YamlMapping)?.Find("type")?.Value is YamlScalar { Text: AssertionTypes.Set };
        if (file.Keys(item, isSet ? "A set of assertions" : "An assertion", isSet ? ["type", "assert", "threshold", "weight", "metric"] : s_keys) is not { } map)
        {
            return null;
        }

        var (threshold, weight, metric) = (file.Number(map, "threshold", -1_000_000, 1_000_000_000), file.Number(map, "weight", 0, 1_000_000) ?? 1, file.Text(map, "metric"));
        if (isSet)
        {
            if (inSet)
            {
                file.Refuse(item, "set-in-set", "A set of assertions stands within another.", "Write its assertions into the outer set.");
                return null;
            }

            var set = Read(map.Find("assert")?.Value, file, inSet: true);
            if (set.Count == 0 && !file.Files.HasErrors)
            {
                file.Refuse(item, "set-empty", "The set has no assertions.", "Write them under 'assert:'.");
            }

            return new PromptfooAssertion { Type = AssertionTypes.Set, Threshold = threshold, Weight = weight, Metric = metric, Set = set, Environment = file.Files.Environment };
        }

        if (map.Find("type")?.Value is not YamlScalar { IsNull: false } written)
        {
            file.Refuse(item, "missing-key", "The assertion has no type.", "Write for example 'type: contains'.");
            return null;
        }

        return Known(written, file) is { } type && !Misplaced(type, written, map, file, inSet) ? Checked(type, written, map, file, threshold, weight, metric) : null;
    }

    /// <summary>A comparison is of whole rows: promptfoo does not look at one in a set, nor at its threshold, and has none that is turned round.</summary>
    private static bool Misplaced(AssertionType type, YamlScalar written, YamlMapping map, SourceFile file, bool inSet)
    {
        if (!type.Compares)
        {
            return false;
        }

        if (written.Text != type.Id)
        {
            return Refused(file, written, "not-run", $"'{written.Text}' is not run here.", $"Write '{type.Id}'.");
        }

        if (inSet)
        {
            return Refused(file, written, "not-run", $"'{type.Id}' compares rows, which a set has none of.", "Write it beside the set.");
        }

        return map.Find("threshold") is { } threshold && Refused(file, threshold.Key, "not-run", $"'{type.Id}' takes no threshold.", type.NeedsJudge ? "Remove it." : "Write 'value: {threshold: 0.8}'.");
    }

    private AssertionType? Known(YamlScalar written, SourceFile file)
    {
        var isInverse = written.Text.StartsWith(AssertionTypes.Not, StringComparison.Ordinal);
        var id = isInverse ? written.Text[AssertionTypes.Not.Length..] : written.Text;
        if (AssertionTypes.Find(id) is { } type)
        {
            if (type is { Judge: OutsideKind.None, Compares: false } || asksJudges)
            {
                return type;
            }

            file.Refuse(written, "not-run", $"Assertions of type '{written.Text}' are not run here.", "They ask a model: write them for evaluate-promptfoo, or remove them.");
            return null;
        }

        if (AssertionTypes.Refused.TryGetValue(id, out var why) || id.StartsWith("promptfoo:redteam:", StringComparison.Ordinal))
        {
            file.Refuse(written, "not-run", $"Assertions of type '{written.Text}' are not run here.", why ?? "Remove it.");
        }
        else
        {
            var near = NearestName.Of(id, AssertionTypes.All.Select(static each => each.Id).Append(AssertionTypes.Set));
            file.Refuse(written, "unknown-assertion", $"There is no assertion of type '{MapReader.Shown(written.Text)}'.",
                near is null ? $"Write one of {string.Join(", ", AssertionTypes.All.Select(static each => each.Id))}." : $"Write '{(isInverse ? AssertionTypes.Not : "")}{near}'.");
        }

        return null;
    }

    private PromptfooAssertion? Checked(AssertionType type, YamlScalar written, YamlMapping map, SourceFile file, double? threshold, double weight, string? metric)
    {
        var at = map.Find("value")?.Value;
        if (ScriptReader.Language(type.Id) is { } language && ScriptReader.IsFile(at))
        {
            if (allowsScripts != true)
            {
                file.Refuse(at!, "not-run", $"'{written.Text}' names a program.", _howToAllow);
                return null;
            }

            return ScriptReader.Read(language, (YamlScalar)at!, file) is { } script ? Settings(type, written, map, file, threshold, weight, metric) with { Value = TemplateText.From(((YamlScalar)at!).Text), Script = script } : null;
        }

        var value = at is null ? default(JsonElement) : WrittenValue.Of(at, file);
        if (value is not { } given || (Misfit(type.Takes, given) is { } remedy && Refused(file, at ?? map, "bad-value", $"'{written.Text}' cannot compare with this value.", remedy)))
        {
            return null;
        }

        if (type.NeedsThreshold && threshold is null)
        {
            file.Refuse(map, "missing-key", $"'{written.Text}' needs a threshold.", $"Write for example 'threshold: {(type.Id == "cost" ? "0.01" : "2000")}'.");
            return null;
        }

        if (mode == PromptfooMode.Strict && type.Decides is var (above, most) && !((threshold ?? type.DefaultThreshold) is { } least && least > above && least <= most))
        {
            file.Refuse(map.Find("threshold")?.Value ?? written, threshold is null ? "missing-key" : "bad-number", threshold is null ? $"'{written.Text}' without a threshold passes whatever it finds." : $"A threshold of {AssertionInput.Shown(threshold.Value)} decides nothing for '{written.Text}'.",
                $"Write for example 'threshold: 0.8': above {AssertionInput.Shown(above)}{(double.IsFinite(most) ? $", at most {AssertionInput.Shown(most)}" : "")}.");
            return null;
        }

        if (type.CallsOut && Webhook(written, at!, given, file))
        {
            return null;
        }

        var hasVariables = false;
        foreach (var text in given.ValueKind == JsonValueKind.Array ? given.EnumerateArray().ToList() : [given])
        {
            if (text.ValueKind != JsonValueKind.String || type.Id == "regex" && !text.GetString()!.Contains("{{", StringComparison.Ordinal))
            {
                continue;
            }

            if (Template.TryParse(text.GetString()!, static _ => null, out var wrong) is not { } template)
            {
                file.Refuse(at!, "template", $"In the value {wrong}.", "Prepare the text in a variable, and write {{variable}}.");
                return null;
            }

            hasVariables |= template.HasVariables;
        }

        object? prepared = null;
        var code = ScriptReader.Language(type.Id) is { } runs && (allowsScripts == true || type.Id == "python") ? new PromptfooScript(runs, File: null, "", Function: null) : null;
        if (code is not null && allowsScripts != true)
        {
            file.Refuse(written, "not-run", $"Assertions of type '{written.Text}' run a program.", _howToAllow);
            return null;
        }

        if (!hasVariables && type.Prepare is { } prepare)
        {
            (prepared, var broken) = prepare(given);
            // compat lets a pattern fail each row, as promptfoo does; what is no program of ours is refused in both.
            if (broken.Length > 0 && code is null && (mode == PromptfooMode.Strict || type.Id != "regex"))
            {
                file.Refuse(at ?? map, type.Id == "javascript" ? "not-run" : "bad-value", type.Id == "javascript" ? $"The script is not run here: {broken}." : $"The value of '{written.Text}' is not usable: {broken}.",
                    type.Id == "javascript" ? $"Write one comparison without side effects, for example output.includes('yes'). {_howToAllow}" : "Correct it.");
                return null;
            }
        }

        return Settings(type, written, map, file, threshold, weight, metric) with { Value = given, Prepared = prepared, Script = code };
    }

    private PromptfooAssertion Settings(AssertionType type, YamlScalar written, YamlMapping map, SourceFile file, double? threshold, double weight, string? metric)
    {
        var config = map.Find("config")?.Value;
        if (config is not null && ScriptReader.Language(type.Id) is null)
        {
            file.Refuse(config, "not-run", $"'{written.Text}' takes no config.", "It is for scripts; remove it.");
        }

        var context = map.Find("contextTransform");
        if (context is not null && !type.ReadsContext)
        {
            file.Refuse(context.Key, "not-run", $"'{written.Text}' reads no context.", "Remove it.");
        }

        var graders = type.NeedsJudge || type.NeedsEmbedder ? GraderReader.Read(map.Find("provider")?.Value, file) : Graders.None;
        var words = map.Find("rubricPrompt");
        if (words is not null && type.Judge != OutsideKind.Rubric)
        {
            file.Refuse(words.Key, "not-run", $"'{written.Text}' asks in our words, not in a rubricPrompt.", type.NeedsJudge ? "Write what an answer must do into 'value', or use llm-rubric." : "Remove it.");
        }

        return new PromptfooAssertion
        {
            Type = written.Text, Transform = TransformReader.Read(map.Find("transform")?.Value, file, allowsScripts), RubricPrompt = words is null ? null : RubricPrompts.Read(words.Value, file), ContextTransform = TransformReader.Read(context?.Value, file, allowsScripts), Threshold = threshold, Weight = weight, Metric = metric, Known = type, Judge = type.NeedsJudge ? graders.Judge : null, Embedder = type.NeedsEmbedder ? graders.Embedder : null,
            // A provider that was refused needs no second word.
            Place = (type.NeedsJudge || type.NeedsEmbedder || type.Compares) && !graders.IsRefused ? (file, written) : null, Config = config is null ? default : YamlJson.Convert(config),
            Environment = file.Files.Environment,
        };
    }

    /// <summary>Whether an address may not be asked: answers go to it, so that the file alone does not decide that.</summary>
    private bool Webhook(YamlScalar written, YamlNode at, JsonElement value, SourceFile file)
    {
        if (allowsScripts != true)
        {
            return Refused(file, written, "not-run", $"'{written.Text}' sends answers to an address.", _howToAllow);
        }

        var text = TemplateText.Of(value);
        return !text.Contains("{{", StringComparison.Ordinal) && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            && Refused(file, at, "bad-url", $"'{MapReader.Shown(text)}' is no address.", "Write for example 'value: http://127.0.0.1:8080/grade'.");
    }

    /// <summary>The value as JSON; what a file holds where one is named. Null after the reason was added.</summary>
    private static bool Refused(SourceFile file, YamlNode at, string code, string message, string remedy)
    {
        file.Refuse(at, code, message, remedy);
        return true;
    }

    /// <summary>What to write instead, or null when the value fits.</summary>
    private static string? Misfit(ValueShape takes, JsonElement value)
    {
        var isText = value.ValueKind is JsonValueKind.String or JsonValueKind.Number && TemplateText.Of(value).Length > 0;
        var isList = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(static item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number);
        return takes switch
        {
            ValueShape.None => null,
            ValueShape.Text => isText ? null : "Write 'value:' with a text that is not empty.",
            ValueShape.List or ValueShape.References => isText || isList ? null : "Write 'value:' with a text, or a list of texts that is not empty.",
            ValueShape.Schema => value.ValueKind is JsonValueKind.Number or JsonValueKind.Array ? "Write 'value:' with a JSON Schema, or none." : null,
            ValueShape.Names => XmlFinding.Fits(value) ? null : "Write 'value:' with names of elements, [root, root.item], or none.",
            ValueShape.Range => WordCount.Bounds(value) is not null || TemplateText.Of(value).Contains("{{", StringComparison.Ordinal) ? null : "Write 'value: 50', or 'value: {min: 10, max: 50}' with min at most max.",
            ValueShape.Any => value.ValueKind == JsonValueKind.Undefined ? "Write 'value:'." : null,
        };
    }
}
