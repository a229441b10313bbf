using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>
/// METEOR (Banerjee and Lavie 2005) with its stages exact and Porter stem: F = PR / (αP + (1 − α)R), less γ·(chunks / matches)^β. There is no stage
/// for synonyms: that needs WordNet. Each stage matches as many words as it can; where a word could match several, the longest run of
/// words in the same order is taken, then the leftmost.
/// </summary>
internal sealed class MeteorScorer(Tokenizer tokenizer, bool lowercase, double alpha, double beta, double gamma)
{
    private const int Free = -1;

    public double Of(string prediction, string reference)
    {
        var table = new TokenTable();
        int[] answer = Read(table, prediction), other = Read(table, reference);
        if (answer.Length == 0 || other.Length == 0)
        {
            return 0;
        }

        var (matched, taken) = (new int[answer.Length], new bool[other.Length]);
        Array.Fill(matched, Free);
        Align(answer, other, matched, taken);
        var stems = Stems(table);
        Align([.. answer.Select(token => stems[token])], [.. other.Select(token => stems[token])], matched, taken);
        var matches = matched.Count(at => at != Free);
        if (matches == 0)
        {
            return 0;
        }

        double precision = matches / (double)answer.Length, recall = matches / (double)other.Length;
        var mean = precision * recall / ((alpha * precision) + ((1 - alpha) * recall));
        return mean * (1 - (gamma * Math.Pow(Chunks(matched) / (double)matches, beta)));
    }

    private static void Align(int[] answer, int[] other, int[] matched, bool[] taken)
    {
        var places = new Dictionary<int, List<int>>();
        for (var j = 0; j < other.Length; j++)
        {
            if (!taken[j])
            {
                (places.TryGetValue(other[j], out var known) ? known : places[other[j]] = []).Add(j);
            }
        }

        for (var i = 0; i < answer.Length; i++)
        {
            if (matched[i] != Free || !places.TryGetValue(answer[i], out var candidates))
            {
                continue;
            }

            var (best, longest) = (Free, 0);
            foreach (var j in candidates)
            {
                var run = taken[j] ? 0 : Run(answer, other, matched, taken, i, j);
                // What continues the words before it opens no chunk.
                run += run > 0 && i > 0 && j > 0 && matched[i - 1] == j - 1 ? answer.Length : 0;
                (best, longest) = run > longest ? (j, run) : (best, longest);
            }

            if (best != Free)
            {
                (matched[i], taken[best]) = (best, true);
            }
        }
    }

    private static int Run(int[] answer, int[] other, int[] matched, bool[] taken, int i, int j)
    {
        var run = 0;
        while (i + run < answer.Length && j + run < other.Length && matched[i + run] == Free && !taken[j + run] && answer[i + run] == other[j + run])
        {
            run++;
        }

        return run;
    }

    private static int Chunks(int[] matched)
    {
        var chunks = 0;
        for (var i = 0; i < matched.Length; i++)
        {
            chunks += matched[i] != Free && (i == 0 || matched[i - 1] == Free || matched[i] != matched[i - 1] + 1) ? 1 : 0;
        }

        return chunks;
    }

    /// <summary>The number of each token's stem.</summary>
    private static int[] Stems(TokenTable table)
    {
        var (stems, word, numbers) = (new TokenTable(), new CharList(), new int[table.Count]);
        for (var token = 0; token < numbers.Length; token++)
        {
            word.Clear();
            word.Add(table.Token(token));
            if (word.Span.IndexOfAnyExceptInRange('a', 'z') < 0)
            {
                PorterStemmer.Stem(word);
            }

            numbers[token] = stems.Number(word.Span);
        }

        return numbers;
    }

    private int[] Read(TokenTable table, string text)
    {
        var tokens = new NumberList();
        tokenizer.Read(lowercase ? PythonText.Lower(text) : text, table, tokens);
        return tokens.Span.ToArray();
    }
}
