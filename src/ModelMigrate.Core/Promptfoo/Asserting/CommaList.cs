using System.Text;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>Cuts <c>a, "b, c"</c> into its texts.</summary>
internal static class CommaList
{
    public static IReadOnlyList<string> Cut(string text)
    {
        var (texts, part, isQuoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var c in text)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                texts.Add(part.ToString().Trim());
                part.Clear();
            }
            else
            {
                part.Append(c);
            }
        }

        texts.Add(part.ToString().Trim());
        return texts;
    }
}
