namespace ModelMigrate.Core.Checks;

/// <summary>Demands that the text contains every one of some texts; with <paramref name="Forbids"/>, that it contains none.</summary>
public sealed record ContainsCheck(string Name, IReadOnlyList<string> Texts, bool IgnoresCase, bool Forbids) : AnswerCheck(Name)
{
    protected override bool Holds(in CheckedAnswer answer)
    {
        var how = IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var text in Texts)
        {
            if (answer.Text.Contains(text, how) == Forbids)
            {
                return false;
            }
        }

        return true;
    }
}
