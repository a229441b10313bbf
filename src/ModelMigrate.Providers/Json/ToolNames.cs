using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Providers.Json;

/// <summary>
/// Names of tools as a protocol takes them: 64 characters, where another takes 128 (Anthropic's), and not all of them. A name that it does not take
/// always becomes the same one, and the calls of an answer get their own names back, so that a conversation never sees the protocol's.
/// </summary>
internal sealed class ToolNames
{
    private const int Longest = 64, HashLength = 8;

    private readonly Func<char, bool> _isTaken;
    private readonly bool _beginsWithLetter;

    private ToolNames(Func<char, bool> isTaken, bool beginsWithLetter = false) => (_isTaken, _beginsWithLetter) = (isTaken, beginsWithLetter);

    /// <summary>Function names of OpenAI's API. Which characters they may have, servers of the protocol see differently.</summary>
    public static ToolNames OpenAi { get; } = new(static _ => true);

    /// <summary>generateContent: first a letter or <c>_</c>, then letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, as its refusal of others says.</summary>
    public static ToolNames Gemini { get; } = new(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-', beginsWithLetter: true);

    /// <summary>Converse, <c>ToolSpecification</c>: letters, digits, <c>_</c> and <c>-</c>.</summary>
    public static ToolNames Bedrock { get; } = new(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>The name itself where it is taken, else its beginning and a hash.</summary>
    public string Of(string name)
    {
        if (IsTaken(name))
        {
            return name;
        }

        var plain = (BeginsRight(name) ? "" : "_") + string.Concat(name.Select(c => _isTaken(c) ? c : '_'));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, HashLength / 2));
        return $"{plain.AsSpan(0, Math.Min(plain.Length, Longest - HashLength - 1))}_{hash}";
    }

    /// <summary>The same, noted among the changes.</summary>
    public string Of(string name, ChangeList changes)
    {
        var taken = Of(name);
        if (!string.Equals(taken, name, StringComparison.Ordinal))
        {
            changes.Renamed("tools.name", taken);
        }

        return taken;
    }

    /// <summary>The name that the client knows a tool by.</summary>
    public string Back(string name, IReadOnlyList<ChatTool> tools)
    {
        // Most events of a stream name no tool.
        for (var i = 0; name.Length > 0 && i < tools.Count; i++)
        {
            if (!IsTaken(tools[i].Name) && string.Equals(Of(tools[i].Name), name, StringComparison.Ordinal))
            {
                return tools[i].Name;
            }
        }

        return name;
    }

    private bool IsTaken(string name)
    {
        foreach (var c in name)
        {
            if (!_isTaken(c))
            {
                return false;
            }
        }

        return name.Length <= Longest && BeginsRight(name);
    }

    private bool BeginsRight(string name) => !_beginsWithLetter || name is [var first, ..] && (char.IsAsciiLetter(first) || first == '_');
}
