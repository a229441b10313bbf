using System.Text;

namespace ModelMigrate.Control.Evaluation.Datasets.Reading;

/// <summary>Cuts a text into records of cells, one record at a time. Owned by one reading.</summary>
internal sealed class CsvRecords(TextReader text, char separator)
{
    private const int LongestRecord = 32 << 20;

    private readonly char[] _buffer = new char[1 << 14];
    private readonly StringBuilder _cell = new();
    private readonly List<string> _cells = [];
    private int _at;
    private int _end;
    private long _next = 1;

    /// <summary>The record's cells.</summary>
    public IReadOnlyList<string> Cells => _cells;

    /// <summary>The line that the record begins on.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the record, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the next record; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        (Line, Fault) = (_next, null);
        _cells.Clear();
        _cell.Clear();
        var (isQuoted, wasQuoted, length) = (false, false, 0);
        while (true)
        {
            if (_at == _end && !await FillAsync(cancel))
            {
                if (length == 0)
                {
                    return false;
                }

                Fault ??= isQuoted ? "a cell's quotes are not closed before the file ends; write \"\" for a quote within quotes." : null;
                Take();
                return true;
            }

            var c = _buffer[_at++];
            _next += c == '\n' ? 1 : 0;
            if (++length > LongestRecord)
            {
                Fault ??= $"the record is longer than {LongestRecord >> 20} MB; close its quotes.";
                length = 1;
                _cell.Clear();
            }

            if (isQuoted)
            {
                if (c != '"')
                {
                    _cell.Append(c);
                }
                else if ((_at < _end || await FillAsync(cancel)) && _buffer[_at] == '"')
                {
                    _cell.Append('"');
                    _at++;
                }
                else
                {
                    (isQuoted, wasQuoted) = (false, true);
                }
            }
            else if (c == separator)
            {
                Take();
                wasQuoted = false;
            }
            else if (c == '\n')
            {
                Take();
                return true;
            }
            else if (c == '\r')
            {
                // The end of the line is one or two characters; alone within a line it is nothing.
            }
            else if (c == '"' && _cell.Length == 0 && !wasQuoted)
            {
                isQuoted = true;
            }
            else if (wasQuoted || c == '"')
            {
                Fault ??= wasQuoted ? "a cell goes on after its closing quote; write \"\" for a quote within quotes." : "a quote stands within a cell that has none around it; put the cell in quotes and double it.";
            }
            else
            {
                _cell.Append(c);
            }
        }
    }

    private void Take()
    {
        _cells.Add(_cell.ToString());
        _cell.Clear();
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        (_at, _end) = (0, await text.ReadAsync(_buffer, cancel));
        return _end > 0;
    }
}
