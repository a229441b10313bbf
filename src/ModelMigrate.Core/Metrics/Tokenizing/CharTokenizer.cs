using System.Text;

namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Every character (Unicode code point); white space only when asked for.</summary>
internal sealed class CharTokenizer(bool keepsSpace = false) : Tokenizer
{
    public override void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens)
    {
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out _, out var length);
            if (keepsSpace || !PythonText.IsSpace(text[i]))
            {
                tokens.Add(table.Number(text.Slice(i, length)));
            }

            i += length;
        }
    }
}
