namespace ModelMigrate.Core.Configuration.Changes;

/// <summary>One replacement in a text.</summary>
/// <param name="Start">Characters before it.</param>
/// <param name="End">Just past the last character replaced.</param>
/// <param name="Text">What stands there instead.</param>
internal sealed record TextEdit(int Start, int End, string Text)
{
    public string Apply(string text) => string.Concat(text.AsSpan(0, Start), Text, text.AsSpan(End));
}
