using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Checks.Schemas.Values;
using ModelMigrate.Core.Metrics.Overlap;

namespace ModelMigrate.Core.Metrics.Json;

/// <summary>Metrics of answers that should be JSON. An answer that is none scores 0; a reference that is none makes the score missing.</summary>
internal static class JsonMetrics
{
    private const string NoReference = "The reference is not JSON; write the value that the answer should have.";

    private static readonly MetricParameter s_extract =
        MetricParameter.Flag("extract", otherwise: false, "whether JSON among words counts: in a code fence, else the first balanced value");

    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        new()
        {
            Id = "json_valid",
            Summary = "The whole answer is one JSON value (RFC 8259).",
            Need = MetricNeed.Prediction,
            Parameters = [MetricParameter.Word("duplicates", "whether a name may stand twice in an object", "reject", "allow")],
            Create = a =>
            {
                var allows = a.Text("duplicates") == "allow";
                return OfAnswer(text => AnswerJson.TryParse(text, allows), static _ => true);
            },
        },
        new()
        {
            Id = "json_extract",
            Summary = "A JSON object or array can be found in the answer: the whole, in a code fence, or the first that is balanced.",
            Need = MetricNeed.Prediction,
            Create = _ => OfAnswer(AnswerJson.TryExtract, static json => json.ValueKind is JsonValueKind.Object or JsonValueKind.Array),
        },
        new()
        {
            Id = "json_schema",
            Summary = "The answer is JSON and meets a JSON Schema.",
            Need = MetricNeed.Prediction,
            Parameters =
            [
                MetricParameter.Text("schema", otherwise: null, "the schema as JSON"),
                MetricParameter.Word("draft", "of a schema that names none", "2020-12", "7"), MetricParameter.Flag("format", otherwise: false, "whether 'format' must hold"), s_extract,
            ],
            Create = Schema,
        },
        new()
        {
            Id = "json_equal",
            Summary = "Answer and reference are the same JSON value: members in any order, numbers by value.",
            Parameters = [s_extract],
            Create = a => Compared(a, static (answer, reference) => JsonEquality.Instance.Equals(answer, reference) ? 1 : 0),
        },
        new()
        {
            Id = "json_field_f1",
            Summary = "F1 of the fields: leaves with their paths as a multiset, places in arrays not told apart.",
            Parameters = [s_extract],
            Create = a => Compared(a, static (answer, reference) =>
            {
                var fields = Ngrams.Of(Canonical.Leaves(answer), Canonical.Leaves(reference));
                return Shares.Of(fields.Shared(1), fields.Count(0), fields.Count(1)).F;
            }),
        },
    ];

    private static AnswerScorer OfAnswer(Func<string, JsonDocument?> read, Func<JsonElement, bool> holds) => new(sample =>
    {
        using var json = read(sample.Prediction!);
        return MetricScore.Of(json is not null && holds(json.RootElement) ? 1 : 0);
    });

    private static ReferenceScorer Compared(MetricArguments arguments, Func<JsonElement, JsonElement, double> compare)
    {
        var read = Reader(arguments);
        return new ReferenceScorer((prediction, reference) =>
        {
            using var expected = AnswerJson.TryParse(reference);
            if (expected is null)
            {
                return MetricScore.Without(NoReference);
            }

            using var answer = read(prediction);
            try
            {
                return MetricScore.Of(answer is null ? 0 : compare(answer.RootElement, expected.RootElement));
            }
            catch (InvalidOperationException)
            {
                return MetricScore.Without("A text in the JSON holds half of a surrogate pair, which is no text.");
            }
        });
    }

    private static AnswerScorer Schema(MetricArguments a)
    {
        var read = Reader(a);
        JsonSchema? schema = null;
        using var json = AnswerJson.TryParse(a.Text("schema"));
        if (json is null)
        {
            a.Problems.Add("schema is not JSON; write a JSON Schema, or the file that has it.");
        }
        else
        {
            var options = new SchemaOptions { Draft = a.Text("draft") == "7" ? SchemaDraft.Draft7 : SchemaDraft.Draft202012, AssertFormat = a.Flag("format") };
            schema = JsonSchema.TryRead(json.RootElement, options, out var problems);
            foreach (var problem in problems)
            {
                a.Problems.Add($"schema: {problem}");
            }
        }

        return OfAnswer(read, element => schema!.Validate(element).Count == 0);
    }

    private static Func<string, JsonDocument?> Reader(MetricArguments arguments) =>
        arguments.Flag("extract") ? AnswerJson.TryExtract : static text => AnswerJson.TryParse(text);
}
