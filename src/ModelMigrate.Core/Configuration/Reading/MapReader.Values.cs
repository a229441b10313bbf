using System.Globalization;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Reading;

internal sealed partial class MapReader
{
    private delegate bool Parse<T>(string text, out T value);

    /// <summary>A text of 1 to 200 characters.</summary>
    public string? Text(string key) => TextOf(Node(key), At(key), PathOf(key));

    /// <summary>One item of a list of texts.</summary>
    public string? TextOf(YamlNode? node, YamlNode at, string valuePath)
    {
        if (Raw(node, at, valuePath, "a text") is not { } raw || Expanded(raw, at, valuePath) is not { } text)
        {
            return null;
        }

        if (text.Length is > 0 and <= 200 && text.Trim().Length == text.Length && !text.Any(char.IsControl))
        {
            return text;
        }

        Problems.Error(at, valuePath, "bad-text", $"{valuePath} must have 1 to 200 characters on one line.", "Shorten it, or remove white space at its ends.");
        return null;
    }

    public bool? Flag(string key) => Value<bool>(
        key, "true or false", TryFlag, _ => true, "bad-flag", "is neither true nor false", "Write true or false.");

    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most) => Value<TimeSpan>(
        key, "a duration", Quantity.TryDuration, value => value >= least && value <= most,
        "bad-duration", "is not a duration", "Write a number with ms, s, m, h or d, for example 30s or 10m.",
        $"{Quantity.Text(least)} to {Quantity.Text(most)}");

    /// <summary>A number of bytes.</summary>
    public long? Size(string key, long least, long most) => Value<long>(
        key, "a size", Quantity.TrySize, value => value >= least && value <= most,
        "bad-size", "is not a size", "Write a number with KB, MB or GB, for example 64MB.", $"{Quantity.Size(least)} to {Quantity.Size(most)}");

    public int? Count(string key, int least, int most) => Value<int>(
        key, "a whole number", TryCount, value => value >= least && value <= most,
        "bad-number", "is not a whole number", string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}."),
        string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"));

    public double? Number(string key, double least, double most) => Value<double>(
        key, "a number", TryNumber, value => value >= least && value <= most,
        "bad-number", "is not a number", string.Create(CultureInfo.InvariantCulture, $"Write a number from {least:0.######} to {most:0.######}, with a point before decimals."),
        string.Create(CultureInfo.InvariantCulture, $"{least:0.######} to {most:0.######}"));

    /// <summary>US dollars.</summary>
    public decimal? Money(string key) => (decimal?)Number(key, 0, 1000);

    /// <summary>A share such as <c>10%</c> or <c>0.1</c>, as a fraction.</summary>
    public double? Share(string key, double least, double most) => Value<double>(
        key, "a percentage", Quantity.TryShare, value => value >= least && value <= most,
        "bad-percentage", "is not a percentage", "Write a number with a percent sign, for example 10%, or a fraction below 1.", $"{Quantity.Percent(least)} to {Quantity.Percent(most)}");

    /// <summary>A share, or <c>off</c> for none.</summary>
    public double? ShareOrOff(string key) => Value<double>(
        key, "a percentage or off", TryShareOrOff, _ => true,
        "bad-percentage", "is neither 'off' nor a percentage", "Write off, or a number with a percent sign, for example 10%.");

    /// <summary>A difference of shares such as <c>1pp</c>, as a fraction.</summary>
    public double? Points(string key, double least, double most) => Value<double>(
        key, "percentage points", Quantity.TryPoints, value => value >= least && value <= most,
        "bad-percentage", "is not a number of percentage points", "Write for example 1pp or 0.01.", $"{least * 100:0.####}pp to {most * 100:0.####}pp");

    /// <summary>One of a closed set of words.</summary>
    public T? Choice<T>(string key, params (string Word, T Value)[] choices)
        where T : struct
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        foreach (var (word, value) in choices)
        {
            if (string.Equals(word, text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        var words = choices.Select(choice => choice.Word).ToList();
        Problems.Error(
            At(key), PathOf(key), "bad-choice", $"{PathOf(key)} is '{Shown(Written(key))}'; it can be {string.Join(", ", words)}.",
            NearestName.Of(text, words) is { } nearest ? $"Write {nearest}." : $"Write {string.Join(" or ", words)}.");
        return null;
    }

    /// <summary>An absolute http or https address without credentials, query or fragment, and without its trailing slash.</summary>
    public Uri? Url(string key, string example)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0
            || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            Problems.Error(
                At(key), PathOf(key), "bad-url", $"{PathOf(key)} is not a plain http or https address{(text.Contains('@', StringComparison.Ordinal) ? "" : $": '{Shown(Written(key))}'")}.",
                $"Write for example {example}.");
            return null;
        }

        if (url.UserInfo.Length > 0)
        {
            Problems.Error(At(key), PathOf(key), "url-credentials", $"{PathOf(key)} contains a user name or password.", "Remove it from the address.");
            return null;
        }

        return new Uri(url.AbsoluteUri.TrimEnd('/'));
    }

    /// <summary>A credential, which the file may only name: <c>${NAME}</c>.</summary>
    public Secret? Credential(string key, string example)
    {
        var at = At(key);
        if (Raw(Node(key), at, PathOf(key), "a reference to an environment variable") is not { } raw)
        {
            return null;
        }

        if (!EnvironmentText.IsReference(raw))
        {
            // The value itself is never shown: it may be a live key.
            Problems.Error(
                at, PathOf(key), "literal-secret", $"{PathOf(key)} must name an environment variable; a secret never stands in the file.",
                $"Write ${{{example}}} and set that variable; if the value was a real secret, replace it.");
            return null;
        }

        if (Expanded(raw, at, PathOf(key)) is not { } value)
        {
            return null;
        }

        if (!value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c > '~'))
        {
            return new Secret(value);
        }

        Problems.Error(
            at, PathOf(key), "bad-secret", $"The variable {raw[2..^1]} holds white space or characters outside ASCII.", "Set it to the key alone, without a line end.");
        return null;
    }

    /// <summary>Says that a key must be there.</summary>
    public void Missing(string key, string remedy)
    {
        if (map.Find(key) is null)
        {
            Problems.Error(place, PathOf(key), "missing-key", $"{path} has no '{key}'.", remedy);
        }
    }

    /// <summary>The text of a key as the file has it, before variables are put in.</summary>
    public string Written(string key) => (map.Find(key)?.Value as YamlScalar)?.Text ?? "";

    /// <summary>Whether the key stands in the group, whatever its value.</summary>
    public bool Has(string key) => map.Find(key) is not null;

    private T? Value<T>(
        string key, string kind, Parse<T> parse, Func<T, bool> inRange, string code, string isNot, string remedy, string range = "")
        where T : struct
    {
        var at = At(key);
        if (Raw(Node(key), at, PathOf(key), kind) is not { } raw || Expanded(raw, at, PathOf(key)) is not { } text)
        {
            return null;
        }

        if (!parse(text, out var value))
        {
            Problems.Error(at, PathOf(key), code, $"{PathOf(key)}: '{Shown(raw)}' {isNot}.", remedy);
            return null;
        }

        if (inRange(value))
        {
            return value;
        }

        Problems.Error(at, PathOf(key), "out-of-range", $"{PathOf(key)}: '{Shown(raw)}' is outside {range}.", $"Write a value from {range}.");
        return null;
    }

    private string? Raw(YamlNode? node, YamlNode at, string valuePath, string expected)
    {
        switch (node)
        {
            case null:
                return null;
            case { IsNull: true }:
                Problems.Error(at, valuePath, "empty-value", $"{valuePath} has no value.", "Write one, or remove the key.");
                return null;
            case YamlScalar scalar:
                return scalar.Text;
            default:
                Problems.Error(at, valuePath, "wrong-type", $"{valuePath} must be {expected}, not {node.Kind}.", "Write a single value.");
                return null;
        }
    }

    private string? Expanded(string raw, YamlNode at, string valuePath)
    {
        var missing = new List<string>();
        var text = EnvironmentText.Expand(raw, context.Environment, missing, out var malformed);
        if (malformed is not null)
        {
            Problems.Error(
                at, valuePath, "bad-variable", $"{valuePath}: '{Shown(malformed)}' is not a reference to an environment variable.",
                "Write ${NAME} with letters, digits and underscores.");
        }
        else
        {
            foreach (var name in missing.Distinct(StringComparer.Ordinal))
            {
                Problems.Error(
                    at, valuePath, "missing-variable", $"The environment variable {Shown(name)} of {valuePath} is not set or empty.", $"Set {Shown(name)} before starting.");
            }
        }

        return text;
    }

    private static bool TryShareOrOff(string text, out double value)
    {
        value = 0;
        return text == "off" || Quantity.TryShare(text, out value);
    }

    private static bool TryFlag(string text, out bool value)
    {
        value = string.Equals(text, "true", StringComparison.Ordinal);
        return value || string.Equals(text, "false", StringComparison.Ordinal);
    }

    private static bool TryCount(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);
}
