namespace ModelMigrate.Core.Checks;

/// <summary>Bounds the length of the text, in characters (Unicode code points), both ends allowed.</summary>
public sealed record LengthCheck(string Name, int Least, int Most) : AnswerCheck(Name)
{
    protected override bool Holds(in CheckedAnswer answer)
    {
        var length = 0;
        foreach (var _ in answer.Text.EnumerateRunes())
        {
            length++;
        }

        return length >= Least && length <= Most;
    }
}
