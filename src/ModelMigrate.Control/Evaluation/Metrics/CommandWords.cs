using System.Text;

namespace ModelMigrate.Control.Evaluation.Metrics;

/// <summary>Cuts a command line into words as a shell does with quotes, and does nothing else that a shell does: no variables, no patterns, no pipes.</summary>
internal static class CommandWords
{
    /// <summary>The words; or null when a quote is not closed or there is no word.</summary>
    public static IReadOnlyList<string>? TryRead(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c == '\\' && quote == '"' && i + 1 < line.Length && line[i + 1] is '"' or '\\' ? line[++i] : c);
                }
            }
            else if (c is '\'' or '"')
            {
                (quote, isWord) = (c, true);
            }
            else if (char.IsWhiteSpace(c))
            {
                Take();
            }
            else
            {
                isWord = true;
                word.Append(c == '\\' && i + 1 < line.Length ? line[++i] : c);
            }
        }

        Take();
        return quote == '\0' && words.Count > 0 ? words : null;

        void Take()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }
}
