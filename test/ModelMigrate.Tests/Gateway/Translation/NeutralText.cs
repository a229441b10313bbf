using System.Collections;
using System.Globalization;
using System.Reflection;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>The neutral language as text, so that requests with lists in them compare by what they say.</summary>
internal static class NeutralText
{
    public static string Of(object? value) => value switch
    {
        null => "-",
        string or JsonText => $"'{value}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "yes" : "no",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ => $"{value.GetType().Name}{{{string.Join(' ', Members(value))}}}",
    };

    /// <summary>A stream's deltas, with pieces of one kind joined.</summary>
    public static string Of(IEnumerable<ChatDelta> deltas)
    {
        var said = new List<(string What, string Text)>();
        foreach (var delta in deltas)
        {
            Add(said, "text", delta.Text);
            Add(said, "refusal", delta.Refusal);
            Add(said, "thinking", delta.Thinking);
            if (delta.ToolCall is { } call)
            {
                Add(said, $"call {call.Index}", call.Name is null ? null : $"{call.Id} {call.Name} ");
                Add(said, $"call {call.Index}", call.Arguments);
            }

            Add(said, "finish", delta.Finish?.ToString());
        }

        return string.Join('\n', said.Select(s => $"{s.What}: {s.Text}"));
    }

    private static void Add(List<(string What, string Text)> said, string what, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (said.Count > 0 && said[^1].What == what)
        {
            said[^1] = (what, said[^1].Text + text);
        }
        else
        {
            said.Add((what, text));
        }
    }

    private static IEnumerable<string> Members(object value) =>
        from member in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where member.GetIndexParameters().Length == 0 && member.Name != "Tagged"
        let text = Of(member.GetValue(value))
        where text is not ("-" or "[]" or "no")
        select $"{member.Name}={text}";
}
