namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>What stands between white space, as Python's <c>str.split()</c> has it.</summary>
internal sealed class WordTokenizer : Tokenizer
{
    public override void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens) => Split(text, table, tokens);
}
