using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>
/// The n-grams of an answer and of its references, counted and compared, n growing from 1. Belongs to the thread that asks: what
/// <c>Of</c> gives is valid until that thread asks again.
/// </summary>
internal sealed class Ngrams
{
    [ThreadStatic]
    private static Ngrams? t_own;

    private readonly TokenTable _table = new();
    private readonly PairTable _pairs = new();
    private readonly NumberList _tokens = new();
    private readonly NumberList _grams = new();
    private readonly NumberList _answerCounts = new();
    private readonly NumberList _referenceCounts = new();
    private readonly NumberList _most = new();
    private readonly List<int> _ends = [];
    private int _n;
    private int _kinds;

    /// <summary>The tokens of an answer (text 0) and of references (from 1 on).</summary>
    public static Ngrams Of(Tokenizer tokenizer, string prediction, IReadOnlyList<string> references, bool lowercase = false)
    {
        var own = Started();
        own.Read(tokenizer, prediction, lowercase);
        foreach (var reference in references)
        {
            own.Read(tokenizer, reference, lowercase);
        }

        return own.Ready();
    }

    public static Ngrams Of(Tokenizer tokenizer, string prediction, string reference, bool lowercase = false)
    {
        var own = Started();
        own.Read(tokenizer, prediction, lowercase);
        own.Read(tokenizer, reference, lowercase);
        return own.Ready();
    }

    /// <summary>Things that are already apart: calls of tools, fields of a document.</summary>
    public static Ngrams Of(IEnumerable<string> prediction, IEnumerable<string> reference)
    {
        var own = Started();
        foreach (var text in new[] { prediction, reference })
        {
            foreach (var token in text)
            {
                own._tokens.Add(own._table.Number(token));
            }

            own._ends.Add(own._tokens.Count);
        }

        return own.Ready();
    }

    /// <summary>How many texts there are: the answer and its references.</summary>
    public int Texts => _ends.Count;

    /// <summary>How many unlike tokens there are in all.</summary>
    public int Tokens => _table.Count;

    /// <summary>The tokens of a text, as numbers.</summary>
    public ReadOnlySpan<int> Text(int text) => Part(_tokens, text);

    /// <summary>How many n-grams of the present length a text has.</summary>
    public int Count(int text) => Math.Max(0, Length(text) - _n + 1);

    /// <summary>Makes the n-grams one token longer.</summary>
    public void Grow()
    {
        _n++;
        _pairs.Clear();
        for (var text = 0; text < _ends.Count; text++)
        {
            var grams = Part(_grams, text);
            var tokens = Part(_tokens, text);
            for (var i = 0; i + _n <= tokens.Length; i++)
            {
                grams[i] = _pairs.Number(grams[i], tokens[i + _n - 1]);
            }
        }

        _kinds = _pairs.Count;
    }

    /// <summary>How many of the answer's n-grams the reference has too, each counted as often as both have it.</summary>
    public int Shared(int reference)
    {
        var shared = 0;
        var answer = Counted(_answerCounts, 0);
        var other = Counted(_referenceCounts, reference);
        for (var kind = 0; kind < _kinds; kind++)
        {
            shared += Math.Min(answer[kind], other[kind]);
        }

        return shared;
    }

    /// <summary>As <see cref="Shared"/>, over the most that any of the references has of each n-gram.</summary>
    public int Clipped()
    {
        if (Texts == 2)
        {
            return Shared(1);
        }

        var shared = 0;
        var most = _most.Zeroes(_kinds);
        for (var reference = 1; reference < Texts; reference++)
        {
            var counts = Counted(_referenceCounts, reference);
            for (var kind = 0; kind < _kinds; kind++)
            {
                most[kind] = Math.Max(most[kind], counts[kind]);
            }
        }

        var answer = Counted(_answerCounts, 0);
        for (var kind = 0; kind < _kinds; kind++)
        {
            shared += Math.Min(answer[kind], most[kind]);
        }

        return shared;
    }

    private static Ngrams Started()
    {
        var own = t_own ??= new Ngrams();
        own._table.Clear();
        own._tokens.Cut(0);
        own._ends.Clear();
        return own;
    }

    private void Read(Tokenizer tokenizer, string text, bool lowercase)
    {
        tokenizer.Read(lowercase ? PythonText.Lower(text) : text, _table, _tokens);
        _ends.Add(_tokens.Count);
    }

    private Ngrams Ready()
    {
        _n = 1;
        _kinds = _table.Count;
        _tokens.Span.CopyTo(_grams.Zeroes(_tokens.Count));
        return this;
    }

    private int Length(int text) => _ends[text] - (text == 0 ? 0 : _ends[text - 1]);

    private Span<int> Part(NumberList list, int text) => list.Span.Slice(text == 0 ? 0 : _ends[text - 1], Length(text));

    private Span<int> Counted(NumberList counts, int text)
    {
        var counted = counts.Zeroes(_kinds);
        foreach (var gram in Part(_grams, text)[..Count(text)])
        {
            counted[gram]++;
        }

        return counted;
    }
}
