using System.Globalization;

namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>
/// Asks which of two answers is better, in both orders, for judges prefer a place: where the orders contradict each other it is a tie. The judge sees no
/// model's name.
/// </summary>
/// <param name="judge">Who is asked.</param>
/// <param name="rounds">How often each pair is judged in both orders; the rounds of a pair are averaged, never counted as pairs of their own.</param>
public sealed class PairwiseJudge(JudgeModel judge, int rounds = 1)
{
    /// <summary>Raised whenever the same judge could say something else of the same pair.</summary>
    private const int Version = 1;

    // Reason before verdict: what is written first cannot be an excuse for what is written after.
    private const string Instructions = $$"""
        You compare two answers to one request and say which of them serves whoever asked better. What counts: whether it is true, whether it does what was asked
        for, all of it and nothing else, and whether it is clear. What does not count: which one you read first, and how long they are; more words are only better
        where they say something that was asked for.

        {{Material.Rule}}

        "request" is what was asked, "first" and "second" are the answers, and "reference", where there is one, is what a right answer says.
        Answer with one JSON object: "reason", a sentence or two, and then "winner": "first", "second", or "tie" when neither is better.
        """;

    private static readonly JudgeShape s_shape = new("verdict", """
        {"type":"object","properties":{"reason":{"type":"string"},"winner":{"type":"string","enum":["first","second","tie"]}},"required":["reason","winner"],"additionalProperties":false}
        """);

    /// <summary>Everything that the verdicts depend on beside the answers.</summary>
    public string Signature => string.Create(
        CultureInfo.InvariantCulture, $"pairwise|judge:{judge.Model.Name}|rounds:{rounds}|orders:2|temperature:0|prompt:{Material.Hash(Instructions)}|version:{Version}");

    public async Task<PairOutcome> JudgeAsync(PairCase pair, CancellationToken cancellation)
    {
        if (string.Equals(pair.Source, pair.Target, StringComparison.Ordinal))
        {
            return new PairOutcome { IsIdentical = true };
        }

        var through = new List<PairRound>();
        var last = JudgeReply.Without(JudgeFailure.None, "");
        for (var round = 0; round < rounds && last.Failure != JudgeFailure.CostLimit; round++)
        {
            var source = await AskAsync(pair, pair.Source, pair.Target, cancellation);
            var target = source.IsVerdict ? await AskAsync(pair, pair.Target, pair.Source, cancellation) : source;
            if (source.IsVerdict && target.IsVerdict)
            {
                through.Add(new PairRound(Winner(source), Winner(target), [Reason(source), Reason(target)]));
            }
            else
            {
                last = target;
            }
        }

        return new PairOutcome { Rounds = through, MissingRounds = rounds - through.Count, Failure = last.Failure, Missing = through.Count == 0 ? last.Why : null };
    }

    private Task<JudgeReply> AskAsync(PairCase pair, string first, string second, CancellationToken cancellation) => judge.AskAsync(
        Instructions, Material.Of(("request", pair.Prompt), ("first", first), ("second", second), ("reference", pair.Reference)), s_shape, cancellation);

    private static Place Winner(JudgeReply reply) => reply.Verdict!.Value.GetProperty("winner").GetString() switch { "first" => Place.First, "second" => Place.Second, _ => Place.Tie };

    private static string Reason(JudgeReply reply) => reply.Verdict!.Value.GetProperty("reason").GetString()!;
}
