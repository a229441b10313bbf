using System.Text.Json;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Core.Metrics.Ranking;

/// <summary>A ranking and what is relevant: ids in order, and the grade of each id that is worth something.</summary>
internal sealed record Relevance(IReadOnlyList<string> Ranking, IReadOnlyDictionary<string, double> Grades)
{
    /// <summary>Grade of the document at a place, 0 when it is worth nothing.</summary>
    public double At(int place) => Grades.GetValueOrDefault(Ranking[place]);

    /// <summary>Relevant documents among the first <paramref name="k"/>.</summary>
    public int Found(int k) => Ranking.Take(k).Count(Grades.ContainsKey);

    /// <summary>The answer is a JSON array of ids; the reference one too, or an object of id and grade; or the references are the ids.</summary>
    public static Relevance? TryRead(AnswerSample sample, out string wrong)
    {
        wrong = """The answer is no ranking; write a JSON array of ids, best first, for example ["d3","d1"].""";
        if (TryIds(sample.Prediction!) is not { } ranking)
        {
            return null;
        }

        wrong = """The reference names nothing relevant; write a JSON array of ids, or an object of grades, for example {"d1":2,"d7":1}.""";
        var grades = TryGrades(sample.References);
        if (grades is null || grades.Count == 0)
        {
            return null;
        }

        // A document that comes twice is found once.
        wrong = "";
        return new Relevance([.. ranking.Distinct(StringComparer.Ordinal)], grades);
    }

    private static Dictionary<string, double>? TryGrades(IReadOnlyList<string> references)
    {
        if (references.Count > 1)
        {
            return references.Distinct(StringComparer.Ordinal).ToDictionary(id => id, _ => 1.0, StringComparer.Ordinal);
        }

        using var json = AnswerJson.TryParse(references[0]);
        if (json is { RootElement.ValueKind: JsonValueKind.Object })
        {
            var grades = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetDouble(out var grade) || !double.IsFinite(grade))
                {
                    return null;
                }

                if (grade > 0)
                {
                    grades[member.Name] = grade;
                }
            }

            return grades;
        }

        return TryIds(references[0])?.Distinct(StringComparer.Ordinal).ToDictionary(id => id, _ => 1.0, StringComparer.Ordinal)
            ?? new Dictionary<string, double>(StringComparer.Ordinal) { [references[0]] = 1 };
    }

    private static List<string>? TryIds(string text)
    {
        using var json = AnswerJson.TryParse(text);
        if (json is not { RootElement.ValueKind: JsonValueKind.Array })
        {
            return null;
        }

        var ids = new List<string>();
        foreach (var item in json.RootElement.EnumerateArray())
        {
            if (item.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                return null;
            }

            ids.Add(item.ToString());
        }

        return ids;
    }
}
