using System.Text;
using Microsoft.Net.Http.Headers;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Audio;

/// <summary>
/// Follows a multipart form that comes in pieces: finds its <c>model</c> wherever it stands, its <c>response_format</c>, and keeps the first bytes of its file. The
/// form's bytes are the caller's to keep.
/// </summary>
internal sealed class FormScan
{
    private const int MostHeaders = 8 * 1024;
    private const int MostName = 1024;
    private const int MostBoundary = 70;

    private readonly byte[] _delimiter;
    private readonly List<byte> _kept = [];
    private Place _place = Place.Before;
    private long _at;
    private long _valueStart;
    private int _matched = 2;
    private int _keeps;
    private bool _isModel;
    private bool _isFormat;

    public static RequestProblem NoBoundary { get; } = RequestProblem.Invalid(
        "invalid_form", $"The content type has no boundary of 1 to {MostBoundary} characters. Send a multipart form as your HTTP library writes it.");

    /// <summary>A form whose parts are divided by <paramref name="boundary"/>.</summary>
    public FormScan(string boundary) => _delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);

    /// <summary>The model's name, once it was met.</summary>
    public string? Model { get; private set; }

    /// <summary>Where it stands in the form.</summary>
    public (long Start, long End) ModelPlace { get; private set; }

    /// <summary>What the answer shall be written as (<c>response_format</c>), where that was met.</summary>
    public string? Format { get; private set; }

    /// <summary>The file's first bytes, as many as a sticky key takes.</summary>
    public ReadOnlyMemory<byte> FileHead { get; private set; }

    /// <summary>Whether the form's last delimiter was met.</summary>
    public bool IsWhole => _place == Place.After;

    public RequestProblem? Problem { get; private set; }

    /// <summary>What divides the parts of a form of this content type, or null when it does not say.</summary>
    public static string? BoundaryOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= MostBoundary } boundary ? boundary.Value : null;

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        for (var i = 0; i < piece.Length && Problem is null && _place != Place.After; i++)
        {
            if (_matched == 0 && _place is Place.Before or Place.Value && _keeps == 0)
            {
                // Nothing but a line's end is of interest.
                var next = piece[i..].IndexOf((byte)'\r');
                if (next < 0)
                {
                    _at += piece.Length - i;
                    return;
                }

                _at += next;
                i += next;
            }

            Take(piece[i]);
            _at++;
        }
    }

    private void Take(byte b)
    {
        switch (_place)
        {
            case Place.Before or Place.Value:
                Match(b);
                break;
            case Place.Delimiter:
                TakeDelimiterEnd(b);
                break;
            case Place.Headers:
                TakeHeader(b);
                break;
            case Place.After:
                break;
        }
    }

    /// <summary>A line's end stands in a delimiter's first place only, so that a mismatch never has to look back further.</summary>
    private void Match(byte b)
    {
        if (_keeps > 0)
        {
            _kept.Add(b);
            _keeps--;
            if (_keeps == 0)
            {
                EndKeeping();
            }
        }

        _matched = b == _delimiter[_matched] ? _matched + 1 : b == _delimiter[0] ? 1 : 0;
        if (_matched < _delimiter.Length)
        {
            return;
        }

        if (_keeps > 0)
        {
            _kept.RemoveRange(_kept.Count - Math.Min(_kept.Count, _delimiter.Length), Math.Min(_kept.Count, _delimiter.Length));
            _keeps = 0;
            EndValue();
        }

        _kept.Clear();
        (_place, _matched) = (Place.Delimiter, 0);
    }

    /// <summary>More of a value came than is kept of it.</summary>
    private void EndKeeping()
    {
        if (_isModel)
        {
            Problem = RequestProblem.Invalid("invalid_type", $"'model' is longer than {MostName} bytes.", "model");
        }
        else if (!_isFormat)
        {
            FileHead = _kept.GetRange(0, StickyKey.MaxLength).ToArray();
        }
    }

    private void EndValue()
    {
        if (_isFormat)
        {
            Format = Encoding.UTF8.GetString([.. _kept]);
        }
        else if (!_isModel)
        {
            FileHead = _kept.ToArray();
        }
        else if (Model is not null)
        {
            Problem = RequestProblem.Invalid("duplicate_key", "The field 'model' stands twice in the form. Send it once.", "model");
        }
        else
        {
            Model = Encoding.UTF8.GetString([.. _kept]);
            ModelPlace = (_valueStart, _valueStart + _kept.Count);
        }
    }

    private void TakeDelimiterEnd(byte b)
    {
        _kept.Add(b);
        if (_kept is [(byte)'-', (byte)'-'])
        {
            _place = Place.After;
        }
        else if (b == (byte)'\n')
        {
            _kept.Clear();
            _place = Place.Headers;
        }
        else if (_kept.Count > MostHeaders)
        {
            Problem = RequestProblem.Invalid("invalid_form", "The form's boundary is followed by something else than a part.");
        }
    }

    private void TakeHeader(byte b)
    {
        _kept.Add(b);
        var length = _kept.Count;
        if (b == (byte)'\n' && (length <= 2 || (length >= 4 && _kept[length - 2] == '\r' && _kept[length - 3] == '\n')))
        {
            BeginValue(Encoding.UTF8.GetString([.. _kept]));
        }
        else if (length > MostHeaders)
        {
            Problem = RequestProblem.Invalid("invalid_form", $"A part of the form has more than {MostHeaders >> 10} KiB of headers.");
        }
    }

    private void BeginValue(string headers)
    {
        var line = headers.Split("\r\n").FirstOrDefault(l => l.StartsWith("content-disposition:", StringComparison.OrdinalIgnoreCase)) ?? "";
        var isFile = Has(line, "filename");
        _isModel = !isFile && Has(line, "name", "model");
        _isFormat = !isFile && Has(line, "name", "response_format");
        _keeps = _isModel || _isFormat ? MostName + _delimiter.Length : isFile && FileHead.IsEmpty ? StickyKey.MaxLength + _delimiter.Length : 0;
        _kept.Clear();

        // The blank line's own end may begin the delimiter behind an empty value.
        (_place, _matched, _valueStart) = (Place.Value, 0, _at + 1);
    }

    /// <summary>Whether a header line has a parameter, with this value where one is given.</summary>
    private static bool Has(string line, string name, string? value = null)
    {
        foreach (var part in line.Split(';').Skip(1))
        {
            var (key, at) = (part, part.IndexOf('=', StringComparison.Ordinal));
            if (at < 0)
            {
                continue;
            }

            key = part[..at].Trim().TrimEnd('*');
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase) && (value is null || part[(at + 1)..].Trim().Trim('"') == value))
            {
                return true;
            }
        }

        return false;
    }

    private enum Place
    {
        Before,
        Delimiter,
        Headers,
        Value,
        After,
    }
}
