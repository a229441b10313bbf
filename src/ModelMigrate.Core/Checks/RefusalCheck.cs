namespace ModelMigrate.Core.Checks;

/// <summary>Fails an answer that refuses to answer, and one that a content filter ended.</summary>
public sealed record RefusalCheck(string Name) : AnswerCheck(Name)
{
    protected override bool IsAbout(in CheckedAnswer answer) => true;

    protected override bool Holds(in CheckedAnswer answer) => !answer.Refused;
}
