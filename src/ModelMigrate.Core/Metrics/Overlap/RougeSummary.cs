using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>ROUGE-Lsum: for each sentence (line) of the reference the union of its longest common subsequences with the answer's lines, clipped by both texts' counts.</summary>
internal static class RougeSummary
{
    public static Shares Of(Tokenizer tokenizer, string prediction, string reference)
    {
        var (table, answers, references) = (new TokenTable(), new List<int[]>(), new List<int[]>());
        Read(prediction, answers);
        Read(reference, references);
        var (leftInAnswer, leftInReference) = (Counted(answers), Counted(references));
        var hits = 0;
        foreach (var sentence in references)
        {
            var marked = new int[sentence.Length];
            foreach (var answer in answers)
            {
                CommonSequence.Mark(sentence, answer, marked);
            }

            for (var i = 0; i < sentence.Length; i++)
            {
                var token = sentence[i];
                if (marked[i] == 1 && leftInAnswer[token] > 0 && leftInReference[token] > 0)
                {
                    hits++;
                    leftInAnswer[token]--;
                    leftInReference[token]--;
                }
            }
        }

        return Shares.Of(hits, answers.Sum(sentence => sentence.Length), references.Sum(sentence => sentence.Length));

        void Read(string text, List<int[]> sentences)
        {
            var tokens = new NumberList();
            foreach (var line in text.Split('\n'))
            {
                tokens.Cut(0);
                tokenizer.Read(line, table, tokens);
                sentences.Add(tokens.Span.ToArray());
            }
        }

        int[] Counted(List<int[]> sentences)
        {
            var counts = new int[table.Count];
            foreach (var token in sentences.SelectMany(sentence => sentence))
            {
                counts[token]++;
            }

            return counts;
        }
    }
}
