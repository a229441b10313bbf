using System.Runtime.InteropServices;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>Follows JSON text that comes in pieces, far enough to know when its outermost object has ended.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JsonBalance
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Whether an object has begun and ended.</summary>
    public bool IsWhole { get; private set; }

    public void Append(string piece)
    {
        foreach (var c in piece)
        {
            if (_inString)
            {
                _inString = _escaped || c != '"';
                _escaped = !_escaped && c == '\\';
            }
            else if (c == '"')
            {
                _inString = true;
            }
            else if (c is '{' or '[')
            {
                _depth++;
            }
            else if (c is '}' or ']')
            {
                IsWhole |= --_depth == 0;
            }
        }
    }
}
