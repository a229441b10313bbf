namespace ModelMigrate.Core.Checks;

/// <summary>One check of one answer. Asked by any number of threads.</summary>
/// <param name="Name">As gates and metrics name it.</param>
public abstract record AnswerCheck(string Name)
{
    /// <summary>Whether the answer passes; null when it is none that the check is about.</summary>
    public bool? Passes(in CheckedAnswer answer) => IsAbout(answer) ? Holds(answer) : null;

    /// <summary>Where an answer that failed breaks the check, without its words, so that it may be logged; null when the check's name says it all.</summary>
    public virtual string? FaultOf(in CheckedAnswer answer) => null;

    /// <summary>Checks of the text leave refusals to the check for them, and calls of tools alone.</summary>
    protected virtual bool IsAbout(in CheckedAnswer answer) => !answer.Refused && !answer.CallsTools;

    protected abstract bool Holds(in CheckedAnswer answer);
}
