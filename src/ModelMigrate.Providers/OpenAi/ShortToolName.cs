using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>
/// Names of tools for a protocol that takes 64 characters (function names of OpenAI's API), where another takes 128 (Anthropic's). A longer name
/// always becomes the same one, and the calls of an answer get their own names back, so that a conversation never sees the short ones.
/// </summary>
internal static class ShortToolName
{
    private const int Longest = 64, HashLength = 8;

    /// <summary>The name itself where it is short enough, else its beginning and a hash.</summary>
    public static string Of(string name) => name.Length <= Longest
        ? name
        : $"{name.AsSpan(0, Longest - HashLength - 1)}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, HashLength / 2))}";

    /// <summary>The same, noted among the changes.</summary>
    public static string Of(string name, ChangeList changes)
    {
        var shortened = Of(name);
        if (shortened.Length != name.Length)
        {
            changes.Renamed("tools.name", shortened);
        }

        return shortened;
    }

    /// <summary>The name that the client knows a tool by.</summary>
    public static string Back(string name, IReadOnlyList<ChatTool> tools)
    {
        for (var i = 0; name.Length == Longest && i < tools.Count; i++)
        {
            if (tools[i].Name.Length > Longest && Of(tools[i].Name) == name)
            {
                return tools[i].Name;
            }
        }

        return name;
    }
}
