using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Core.Promptfoo.Asserting.Scores;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;
using ModelMigrate.Core.Promptfoo.Asserting.Values;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>Every type of assertion: those that are run, and those that promptfoo has beyond them.</summary>
internal static class AssertionTypes
{
    public const string Not = "not-";
    public const string Set = "assert-set";

    private const string NotTurned = "compat: `not-` turns nothing round, as in promptfoo.";
    private const string Words = "The judge is asked in words of our own. promptfoo fails an answer that its judge gave no verdict of; here its row is an error.";
    private const string Turned = "strict refuses one without a threshold, which would pass whatever is found. `not-` turns it round; promptfoo takes no notice of it.";

    public static IReadOnlyList<AssertionType> All { get; } =
    [
        new("equals", "The answer is the text, character by character; a group or list is compared as JSON.", ValueShape.Any, static input => JsonFinding.Equal(input)),
        Text("contains", "The answer contains the text.", static (answer, text) => answer.Contains(text, StringComparison.Ordinal), "contain"),
        Text("icontains", "The same, whatever the case.", static (answer, text) => Lower(answer).Contains(Lower(text), StringComparison.Ordinal), "contain"),
        Many("contains-any", "One of the texts is in the answer.", all: false, ignoresCase: false),
        Many("contains-all", "Every one of the texts is in the answer.", all: true, ignoresCase: false),
        Many("icontains-any", "One of the texts, whatever the case.", all: false, ignoresCase: true),
        Many("icontains-all", "Every one of the texts, whatever the case.", all: true, ignoresCase: true),
        Text("starts-with", "The answer begins with the text.", static (answer, text) => answer.StartsWith(text, StringComparison.Ordinal), "start with") with { CellThreshold = 0.75 },
        new("regex", "A regular expression of JavaScript occurs in the answer.", ValueShape.Text, static input => PatternFinding.Of(input))
        {
            Prepare = static value => PatternFinding.Compile(TemplateText.Of(value)),
            Modes = "A pattern that JavaScript does not read fails each row in compat, and is refused before the run in strict.",
        },
        new("is-json", "The whole answer is JSON, and holds to the schema when there is one.", ValueShape.Schema, static input => JsonFinding.Whole(input)) { Prepare = static value => JsonFinding.Compile(value) },
        new("contains-json", "Somewhere in the answer stands a JSON object or list, one of which holds to the schema when there is one.", ValueShape.Schema, static input => JsonFinding.Within(input))
        {
            Prepare = static value => JsonFinding.Compile(value),
            Modes = "compat: objects alone, and what is one in YAML counts too, such as `{word}`; strict: objects and lists of JSON.",
        },
        new("levenshtein", "At most so many characters (threshold, 5) would have to change.", ValueShape.Text, static input => MetricFinding.Levenshtein(input)) { CellThreshold = 0.75 },
        Scored("rouge-n", "ROUGE-1, its F.", 0.75, static input => input.Mode == PromptfooMode.Compat ? PlainOverlap.Rouge(input.Output, input.Text) : MetricFinding.Score("rouge1", input)) with
        {
            CellThreshold = 0.75, Takes = ValueShape.Text, Modes = "compat: tokens as promptfoo cuts them; strict: metric `rouge1`.",
        },
        Scored("bleu", "BLEU of the one answer, several references allowed.", 0.5, static input => input.Mode == PromptfooMode.Compat ? PlainOverlap.Bleu(input.Output, input.References) : MetricFinding.Score("bleu", input)) with
        {
            Modes = "compat: white-space words, and several references clipped one by one, which scores too low; strict: metric `bleu`, as sacrebleu has it.",
        },
        Scored("gleu", "Google's BLEU for sentences.", 0.5, static input => input.Mode == PromptfooMode.Compat ? PlainOverlap.Gleu(input.Output, input.References) : MetricFinding.Score("gleu", input)) with
        {
            Modes = "compat: white-space words without the full stops at their ends; strict: metric `gleu`.",
        },
        Scored("meteor", "METEOR with the stages exact and stem.", 0.5, static input => MetricFinding.Score("meteor_exact_stem", input)) with { Modes = "promptfoo also matches synonyms where the npm package `natural` is installed; no mode here does." },
        new("latency", "The answer took at most so many milliseconds (threshold).", ValueShape.None, static input => Measured(input.Answer.LatencyMs, input, "Latency", "ms")) { NeedsThreshold = true, CellThreshold = 0.75 },
        new("cost", "The answer cost at most so many US dollars (threshold).", ValueShape.None, static input => Measured(input.Answer.Cost, input, "Cost", " US dollars")) { NeedsThreshold = true, CellThreshold = 0.75 },
        new("word-count", "So many words, or between min and max.", ValueShape.Range, static input => WordCount.Of(input)),
        new("is-refusal", "The answer refuses, as far as its first words tell; an empty answer does.", ValueShape.None, static input =>
            input.Output.Trim().Length == 0
                ? Finding.Of(holds: true, "be a refusal") with { Own = input.Mode == PromptfooMode.Compat ? 0 : null }
                : Finding.Of(MetricFinding.Score("refusal", input with { Value = default }).Score > 0, "be a refusal"))
        {
            Modes = "The words are those of metric `refusal`, which are not all of promptfoo's. An empty answer passes with score 0 in compat, 1 in strict.",
        },
        new("finish-reason", "Why the answer ended, whatever the case: stop, length, content_filter, tool_calls.", ValueShape.Text, static input => Finding.Of(
            string.Equals(input.Answer.Finish, input.Text, StringComparison.OrdinalIgnoreCase), $"end with '{input.Text}', which it did with '{input.Answer.Finish ?? "no reason"}'")),
        new("javascript", "A pure expression over `output` and `context.vars`: comparisons, and, or, not, arithmetic, text methods, `JSON.parse`. With `--allow-scripts` anything else, or `file://check.js`, run by node.", ValueShape.Text, static input => ScriptFinding.Of(input))
        {
            Prepare = static value => ScriptExpression.TryParse(TemplateText.Of(value), out var wrong) is { } script ? (script, "") : (null, wrong),
        },
        new("python", "Only with `--allow-scripts`: an expression, or lines that return, over `output` and `context`, or `file://check.py`, run by python3.", ValueShape.Text, static _ => Finding.Lacks("The script was not run.")),
        new("is-xml", "The whole answer is well-formed XML, and has the elements that are named: `root.item`.", ValueShape.Names, static input => XmlFinding.Whole(input)),
        new("contains-xml", "Somewhere in the answer stands XML, with the elements that are named.", ValueShape.Names, static input => XmlFinding.Within(input)) { Modes = "compat: whatever is opened and closed in order; strict: well-formed." },
        new("is-html", "The whole answer is HTML: a browser would find an element of HTML, and no text outside of the answer's own.", ValueShape.None, static input => HtmlFinding.Whole(input)),
        new("contains-html", "The answer has at least two signs of HTML, such as a tag of a known name.", ValueShape.None, static input => HtmlFinding.Within(input)),
        new("is-valid-openai-tools-call", "The answer calls tools of the provider's `config.tools`, with arguments that hold to their schemas.", ValueShape.None, static input => ToolFinding.Calls(input)) { Modes = NotTurned },
        new("is-valid-function-call", "The answer calls a function of `config.functions`, or those of Gemini's `config.tools`, with arguments that hold to its schema.", ValueShape.None, static input => ToolFinding.Function(input)) { Modes = NotTurned },
        new("is-valid-openai-function-call", "The same.", ValueShape.None, static input => ToolFinding.Function(input)) { Modes = NotTurned },
        new("tool-call-f1", "F1 of the names of the tools that the answer calls against those in a list, or a text with commas.", ValueShape.List, static input => ToolFinding.F1(input))
        {
            DefaultThreshold = 1, Modes = "compat: a name counts once, and `not-` leaves the score; strict: a tool that is called twice counts twice.",
        },
        new("webhook", "Only with `--allow-scripts`: an address takes the answer, and says whether it passes.", ValueShape.Text, static _ => Finding.Lacks("The address was not asked."))
        {
            CallsOut = true, Modes = "promptfoo fails an answer that the address said nothing of, and passes one that it gave no `pass`; here the first is an error in both modes, and in strict a score alone holds above 0, or from the threshold on.",
        },
        Judged("llm-rubric", "A model grades the answer by the rubric: whether it is met, and a score from 0 to 1 that a threshold may hold.", OutsideKind.Rubric),
        Judged("model-graded-closedqa", "A model says whether the answer meets the criterion.", OutsideKind.Criterion),
        Judged("factuality", "A model compares facts with the text: it fails where the answer contradicts it.", OutsideKind.Facts),
        Judged("model-graded-factuality", "The same.", OutsideKind.Facts),
        Near("similar", "The embeddings of the answer and of the text are near: their cosine is at least the threshold, 0.75. Of several texts the nearest counts.", SimilarityMetric.Cosine) with { CellThreshold = 0.8 },
        Near("similar:cosine", "The same.", SimilarityMetric.Cosine),
        Near("similar:dot", "The same, with the dot product of the embeddings.", SimilarityMetric.Dot),
        Near("similar:euclidean", "The same, with the distance of the embeddings, which is at most the threshold; the score is 1 / (1 + distance).", SimilarityMetric.Euclidean),
        Shared("g-eval", "A model works out steps that check the criterion, once in a run, and scores the answer by them from 0 to 10, which counts as 0 to 1 (threshold, 0.7). Of several criteria the mean counts.", OutsideKind.Steps) with { Takes = ValueShape.References, DefaultThreshold = 0.7, CellThreshold = null },
        Shared("context-recall", "The share of the text's statements that the variable `context`, else the prompt, holds.", OutsideKind.Recall) with { Takes = ValueShape.Text, Modes = $"{Words} {Turned}" },
        Shared("context-relevance", "The share of the variable `context` that is needed to answer the variable `query`: of its parts in a list, its lines, or its sentences.", OutsideKind.Relevance) with { NeedsVars = [ContextUnits.Context, ContextUnits.Query], Modes = $"The judge names what is needed by its number, so that nothing that it makes up counts. {Words} {Turned}" },
        Shared("context-faithfulness", "The share of the answer's statements that the variable `context` holds, for the variable `query`.", OutsideKind.Faithfulness) with { NeedsVars = [ContextUnits.Context, ContextUnits.Query], Modes = $"Asked in one call, where promptfoo makes two. {Words} {Turned}" },
        Shared("answer-relevance", "A model guesses three questions that the answer answers; the mean cosine of their embeddings with that of the variable `query`, else of the prompt.", OutsideKind.AnswerRelevance) with { NeedsEmbedder = true, Modes = $"The three are asked for in one call, where promptfoo makes three. {Words} {Turned}" },
        new("select-best", "A model names the best by the criterion among the answers of one test, over its prompts and models; the others fail.", ValueShape.Text, static _ => Finding.Lacks("No model was asked to compare."))
        {
            NeedsJudge = true, Compares = true,
            Modes = $"strict: asked in both orders; where the two differ, the named ones share it, each with score 0.5, and weight, metric and the test's threshold count. compat: asked once, a row that is not the best fails with score 0, and only the first `select-best` of a test counts. Rows that are errors are left out, where promptfoo compares them as empty answers. {Words}",
        },
        new("max-score", "The other assertions of the row score highest among the rows of one test; of equal rows the first. Its value may have `method: sum` (else average), `weights` by type, and a `threshold`.", ValueShape.None, static _ => Finding.Lacks("The rows were not compared."))
        {
            Compares = true, Prepare = static value => MaxScore.Compile(value),
            Modes = "strict: weight, metric and the test's threshold count. compat: a row that is not the highest fails with score 0, and only the first `max-score` of a test counts. Rows that are errors are left out.",
        },
    ];

    /// <summary>Types of promptfoo that are not run here → why, or what to write instead.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = Families(
        ("It asks a model for something that is not asked here. Write it as llm-rubric, or remove it.",
            "conversation-relevance moderation classifier pi search-rubric agent-rubric guardrails human"),
        ("It runs a program, which is not done here. Write a comparison as type: javascript, or remove it.", "ruby"),
        ("Skills are not asked for by these configurations. Remove it.", "skill-used"),
        ("Nothing here reads SQL. Write a regex, or remove it.", "is-sql contains-sql"),
        ("The probabilities of tokens are not asked for. Remove it.", "perplexity perplexity-score"),
        ("Traces are not recorded here. Remove it.", "trace-span-count trace-span-duration trace-error-spans trajectory:goal-success trajectory:step-count trajectory:tool-args-match trajectory:tool-sequence trajectory:tool-used"));

    public static AssertionType? Find(string id) => All.FirstOrDefault(type => type.Id == id);

    /// <summary>As JavaScript's <c>toLowerCase</c> but for the few letters that change length.</summary>
    private static string Lower(string text) => text.ToLowerInvariant();

    private static AssertionType Text(string id, string summary, Func<string, string, bool> occurs, string verb) =>
        new(id, summary, ValueShape.Text, input => Finding.Of(occurs(input.Output, input.Text), $"{verb} \"{input.Text}\""));

    private static AssertionType Many(string id, string summary, bool all, bool ignoresCase) => new(id, summary, ValueShape.List, input =>
    {
        var output = ignoresCase ? Lower(input.Output) : input.Output;
        var missing = input.List.Where(text => !output.Contains(ignoresCase ? Lower(text) : text, StringComparison.Ordinal)).ToList();
        return all
            ? Finding.Of(missing.Count == 0, $"contain all of [{string.Join(", ", input.List)}]; missing: [{string.Join(", ", missing)}]")
            : Finding.Of(missing.Count < input.List.Count, $"contain one of [{string.Join(", ", input.List)}]");
    });

    private static AssertionType Scored(string id, string summary, double threshold, Func<AssertionInput, Finding> find) => new(id, summary, ValueShape.References, find) { DefaultThreshold = threshold };

    private static AssertionType Judged(string id, string summary, OutsideKind judge) => new(id, summary, ValueShape.Text, static _ => Finding.Lacks("No model was asked to judge."))
    {
        Judge = judge, NeedsJudge = true, Modes = Words,
    };

    private static AssertionType Shared(string id, string summary, OutsideKind judge) => Judged(id, summary, judge) with { Takes = ValueShape.None, CellThreshold = 0.75, Decides = (0, 1) };

    private static AssertionType Near(string id, string summary, SimilarityMetric metric) => new(id, summary, ValueShape.References, static _ => Finding.Lacks("No model was asked for embeddings."))
    {
        Judge = OutsideKind.Similarity, NeedsEmbedder = true, Metric = metric, DefaultThreshold = 0.75, CellThreshold = 0.75,
        Decides = metric switch { SimilarityMetric.Cosine => (-1, 1), SimilarityMetric.Dot => null, SimilarityMetric.Euclidean => (0, double.PositiveInfinity) },
        Modes = "compat: the first of several texts that is near enough gives the score, and a figure at the threshold itself also passes `not-`; strict: the nearest does, and `not-` is the opposite. promptfoo fails an answer that it gets no embedding of; here its row is an error.",
    };

    private static Finding Measured(double? value, AssertionInput input, string what, string unit) => value is not { } measured
        ? Finding.Lacks($"{what} is not known of this answer{(what == "Cost" ? ": no price of the model is known, or the provider told no usage" : "")}.")
        : Finding.Of(measured <= input.Threshold(0), $"take at most {AssertionInput.Shown(input.Threshold(0))}{unit}; it took {AssertionInput.Shown(measured)}");

    private static Dictionary<string, string> Families(params (string Why, string Ids)[] families)
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (why, ids) in families)
        {
            foreach (var id in ids.Split(' '))
            {
                refused[id] = why;
            }
        }

        return refused;
    }
}
