using System.Text;

namespace ModelMigrate.Scoring.Judging;

/// <summary>Writes what comes in any order in the order of the file, each as soon as all before it are there. Owns what waits.</summary>
internal sealed class OrderedLines(TextWriter output, int count)
{
    private readonly Lock _lock = new();
    private readonly string?[] _waiting = new string?[count];
    private int _written;

    /// <summary>How many are there.</summary>
    public int Through { get; private set; }

    /// <summary>One case's lines, each with its end.</summary>
    public void Add(int at, string lines)
    {
        lock (_lock)
        {
            _waiting[at] = lines;
            Through++;
            var ready = new StringBuilder();
            for (; _written < count && _waiting[_written] is { } next; _written++)
            {
                ready.Append(next);
                _waiting[_written] = "";
            }

            output.Write(ready.ToString());
        }
    }
}
