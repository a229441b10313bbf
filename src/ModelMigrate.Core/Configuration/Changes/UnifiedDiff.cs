using System.Globalization;
using System.Text;

namespace ModelMigrate.Core.Configuration.Changes;

/// <summary>Writes the difference of two texts in the form that <c>patch</c> reads.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The diff with three lines of context; empty when the texts are equal.</summary>
    public static string Create(string before, string after, string fileName)
    {
        if (string.Equals(before, after, StringComparison.Ordinal))
        {
            return "";
        }

        var script = Script(Lines(before), Lines(after));
        var diff = new StringBuilder().Append(CultureInfo.InvariantCulture, $"--- {fileName}\n+++ {fileName}\n");
        var at = 0;
        while (at < script.Count)
        {
            var first = script.FindIndex(at, line => line.Mark != ' ');
            if (first < 0)
            {
                break;
            }

            // A hunk goes on while the next change is near enough that the contexts would touch.
            var last = first;
            for (var i = first; i < script.Count && i <= last + (2 * Context); i++)
            {
                last = script[i].Mark != ' ' ? i : last;
            }

            var from = Math.Max(at, first - Context);
            var to = Math.Min(script.Count, last + Context + 1);
            WriteHunk(diff, script, from, to);
            at = to;
        }

        return diff.ToString();
    }

    private static void WriteHunk(StringBuilder diff, List<(char Mark, string Line)> script, int from, int to)
    {
        var oldStart = script.Take(from).Count(line => line.Mark != '+');
        var newStart = script.Take(from).Count(line => line.Mark != '-');
        var oldCount = script.Skip(from).Take(to - from).Count(line => line.Mark != '+');
        var newCount = script.Skip(from).Take(to - from).Count(line => line.Mark != '-');
        // An empty side is numbered by the line before it.
        diff.Append(
            CultureInfo.InvariantCulture,
            $"@@ -{(oldCount > 0 ? oldStart + 1 : oldStart)},{oldCount} +{(newCount > 0 ? newStart + 1 : newStart)},{newCount} @@\n");
        for (var i = from; i < to; i++)
        {
            diff.Append(script[i].Mark).Append(script[i].Line);
            if (!script[i].Line.EndsWith('\n'))
            {
                diff.Append("\n\\ No newline at end of file\n");
            }
        }
    }

    // Longest common subsequence between the first and the last line that differ: finalizing changes few lines.
    private static List<(char Mark, string Line)> Script(List<string> before, List<string> after)
    {
        var head = 0;
        while (head < before.Count && head < after.Count && string.Equals(before[head], after[head], StringComparison.Ordinal))
        {
            head++;
        }

        var tail = 0;
        while (tail < before.Count - head && tail < after.Count - head && string.Equals(before[^(tail + 1)], after[^(tail + 1)], StringComparison.Ordinal))
        {
            tail++;
        }

        var a = before[head..(before.Count - tail)];
        var b = after[head..(after.Count - tail)];
        var script = before[..head].ConvertAll(line => (' ', line));
        if ((long)a.Count * b.Count > 4_000_000)
        {
            script.AddRange(a.Select(line => ('-', line)));
            script.AddRange(b.Select(line => ('+', line)));
        }
        else
        {
            Common(a, b, script);
        }

        script.AddRange(before[(before.Count - tail)..].Select(line => (' ', line)));
        return script;
    }

    private static void Common(List<string> a, List<string> b, List<(char Mark, string Line)> script)
    {
        var length = new int[a.Count + 1, b.Count + 1];
        for (var i = a.Count - 1; i >= 0; i--)
        {
            for (var j = b.Count - 1; j >= 0; j--)
            {
                length[i, j] = string.Equals(a[i], b[j], StringComparison.Ordinal) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        var (x, y) = (0, 0);
        while (x < a.Count || y < b.Count)
        {
            if (x < a.Count && y < b.Count && string.Equals(a[x], b[y], StringComparison.Ordinal))
            {
                script.Add((' ', a[x]));
                x++;
                y++;
            }
            else if (x < a.Count && (y == b.Count || length[x + 1, y] >= length[x, y + 1]))
            {
                script.Add(('-', a[x++]));
            }
            else
            {
                script.Add(('+', b[y++]));
            }
        }
    }

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }
}
