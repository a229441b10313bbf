namespace ModelMigrate.Control.Intake;

/// <summary>
/// Notices that a provider put another model behind the same name: at least 5 % of the newest answers report a version that the
/// arm's first answers did not. Two versions from the start, as behind a load balancer, are no change.
/// </summary>
internal sealed class VersionWatch
{
    private const int Learned = 100;
    private const int Window = 200;
    private const int Changed = Window / 20;

    private readonly Queue<string> _newest = new();
    private int _strange;

    /// <summary>The versions taken for granted.</summary>
    public HashSet<string> Known { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Answers that taught <see cref="Known"/>.</summary>
    public int Taught { get; set; }

    /// <summary>Takes one answer's version; answers the new version when this one makes it a change, and takes it for granted from then on.</summary>
    public string? Add(string version)
    {
        if (Taught < Learned)
        {
            Taught++;
            Known.Add(version);
            return null;
        }

        _newest.Enqueue(version);
        _strange += Known.Contains(version) ? 0 : 1;
        if (_newest.Count > Window)
        {
            _strange -= Known.Contains(_newest.Dequeue()) ? 0 : 1;
        }

        if (_strange < Changed)
        {
            return null;
        }

        var strangest = _newest.Where(item => !Known.Contains(item)).GroupBy(item => item, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
        Known.UnionWith(_newest);
        _newest.Clear();
        _strange = 0;
        return strangest;
    }
}
