using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Checks.Schemas.Values;

/// <summary>The formats that can be made to hold.</summary>
internal static partial class Formats
{
    private static readonly Dictionary<string, Func<string, bool>> s_all = new(StringComparer.Ordinal)
    {
        ["date-time"] = static text => DateTime().Match(text) is { Success: true } match && IsDate(match.Groups["date"].Value) && IsTime(match.Groups["time"].Value),
        ["date"] = IsDate,
        ["time"] = IsTime,
        ["email"] = IsEmail,
        ["ipv4"] = static text => Ipv4().IsMatch(text),
        ["ipv6"] = IsIpv6,
        ["uri"] = IsUri,
        ["uuid"] = static text => Uuid().IsMatch(text),
    };

    /// <summary>Those that are known.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>The test of a format, or null when it is not known.</summary>
    public static Func<string, bool>? Find(string name) => s_all.GetValueOrDefault(name);

    /// <summary>RFC 4291: eight groups, of which :: leaves some out and an IPv4 address stands for the last two.</summary>
    private static bool IsIpv6(string text)
    {
        var parts = text.Split("::");
        if (parts.Length > 2)
        {
            return false;
        }

        var groups = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == 0 && parts.Length == 2)
            {
                continue;
            }

            var words = parts[i].Split(':');
            for (var j = 0; j < words.Length; j++)
            {
                var isLast = i == parts.Length - 1 && j == words.Length - 1;
                if (isLast && Ipv4().IsMatch(words[j]))
                {
                    groups++;
                }
                else if (words[j].Length is 0 or > 4 || !words[j].All(char.IsAsciiHexDigit))
                {
                    return false;
                }

                groups++;
            }
        }

        return parts.Length == 2 ? groups < 8 : groups == 8;
    }

    private static bool IsDate(string text) =>
        Date().IsMatch(text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>RFC 3339, with the leap second: 23:59:60 in UTC.</summary>
    private static bool IsTime(string text)
    {
        if (Time().Match(text) is not { Success: true } match)
        {
            return false;
        }

        int Of(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var (hour, minute, second) = (Of("hour"), Of("minute"), Of("second"));
        var offset = 0;
        if (match.Groups["sign"].Success)
        {
            var (hours, minutes) = (Of("hours"), Of("minutes"));
            if (hours > 23 || minutes > 59)
            {
                return false;
            }

            offset = ((hours * 60) + minutes) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        }

        var utc = (((hour * 60) + minute - offset) % 1440 + 1440) % 1440;
        return hour < 24 && minute < 60 && (second < 60 || (second == 60 && utc == 1439));
    }

    /// <summary>RFC 5321: a dot-atom or a quoted string, then a host name or an address in brackets.</summary>
    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 1 || !(LocalPart().IsMatch(text[..at]) || QuotedPart().IsMatch(text[..at])))
        {
            return false;
        }

        var host = text[(at + 1)..];
        if (host is ['[', .. var inner, ']'])
        {
            return inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? IsIpv6(inner[5..]) : Ipv4().IsMatch(inner);
        }

        return Host().IsMatch(host);
    }

    /// <summary>RFC 3986: absolute, with nothing that would have to be escaped.</summary>
    private static bool IsUri(string text)
    {
        if (UriShape().Match(text) is not { Success: true } match)
        {
            return false;
        }

        return !match.Groups["authority"].Success || (Authority().IsMatch(match.Groups["authority"].Value) && IsHost(match.Groups["authority"].Value));
    }

    private static bool IsHost(string authority)
    {
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        return host is not ['[', ..] || (host.LastIndexOf(']') is > 0 and var end && IsIpv6(host[1..end]));
    }

    [GeneratedRegex(@"\A(?<date>[0-9-]{10})[Tt](?<time>.+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex DateTime();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Date();

    [GeneratedRegex(@"\A(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.[0-9]+)?([Zz]|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!\z)|\z)){4}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Ipv4();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex LocalPart();

    [GeneratedRegex(@"\A""(?:[ !#-\[\]-~]|\\[ -~])*""\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex QuotedPart();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Host();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*:(?://(?<authority>(?:[A-Za-z0-9._~!$&'()*+,;=:@\[\]-]|%[0-9A-Fa-f]{2})*)(?=[/?#]|\z))?(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex UriShape();

    [GeneratedRegex(@"\A(?:[^@\[\]]*@)?(?:\[[^\[\]]*\]|[^@:\[\]]*)(?::[0-9]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Authority();
}
