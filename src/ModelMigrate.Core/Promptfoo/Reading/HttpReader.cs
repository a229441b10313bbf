using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Asserting.Scripts;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads a provider that is an address: <c>https://…</c>, or <c>id: https</c> with <c>config.url</c>.</summary>
internal sealed partial class HttpReader(SourceFile file, Func<string, string?> environment)
{
    private const double LongestMs = 3_600_000;

    private static readonly string[] s_keys = ["url", "method", "headers", "body", "queryParams", "transformResponse", "responseParser", "timeout"];

    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["request"] = "Write url, method, headers and body.", ["transformRequest"] = "Write what is sent into body, with {{prompt}}.", ["validateStatus"] = "A status of 200 to 299 is an answer, any other an error; remove it.",
        ["session"] = "Each row is asked by itself; remove it.", ["sessionParser"] = "Each row is asked by itself; remove it.", ["auth"] = "Write the header: headers: {Authorization: 'Bearer {{env.NAME}}'}.",
        ["signatureAuth"] = "Requests are not signed; ask a server that takes a key in a header.", ["tls"] = "The system's certificates are trusted; add yours there.", ["multipart"] = "Write a body of JSON or text.",
        ["maxRetries"] = "Write --retries on the command line.", ["tokenEstimation"] = "Tokens are not estimated; remove it.", ["useHttps"] = "Write https:// into url.",
    };

    public static bool IsHttp(string id) => id is "http" or "https" || SourceFiles.IsRemote(id);

    /// <summary>The server; null after the reason was added.</summary>
    public PromptfooHttp? Read(string id, YamlNode at, YamlMapping? settings)
    {
        var config = settings?.Find("config")?.Value is { IsNull: false } written ? file.Keys(written, "An http provider's config", s_keys, s_refused) : null;
        var url = config is null ? null : file.Text(config, "url");
        url ??= SourceFiles.IsRemote(id) ? id : null;
        if (url is null || !Server().IsMatch(url))
        {
            file.Refuse(config?.Find("url")?.Value ?? at, "bad-url", "The http provider has no url with a server's name.", "Write for example 'url: https://example.com/chat'; variables may stand behind the server's name.");
            return null;
        }

        var method = (config is null ? null : file.Text(config, "method"))?.ToUpperInvariant() ?? "POST";
        if (method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE"))
        {
            file.Refuse(config!.Find("method")!.Value, "bad-method", $"'{MapReader.Shown(method)}' is no method that is sent.", "Write GET, POST, PUT, PATCH or DELETE.");
        }

        var body = config?.Find("body")?.Value is { IsNull: false } node ? YamlJson.Convert(node) : default;
        if (body.ValueKind == JsonValueKind.Undefined && method != "GET")
        {
            file.Refuse(at, "missing-key", "The http provider has no body, so nobody is told the prompt.", "Write for example 'body: {prompt: \"{{prompt}}\"}' into config, or method: GET.");
        }

        Check(config?.Find("body")?.Value);
        Check(config?.Find("url")?.Value);
        var (output, names) = Output(config);
        return new PromptfooHttp(environment)
        {
            Url = url, Method = method, Body = body, Headers = Pairs(config, "headers"), Query = Pairs(config, "queryParams"), Output = output, Names = names,
            Timeout = config is not null && file.Number(config, "timeout", 1, LongestMs) is { } limit ? TimeSpan.FromMilliseconds(limit) : null,
        };
    }

    private (ScriptExpression? Output, (string, string) Names) Output(YamlMapping? config)
    {
        var names = (Json: "json", Text: "text");
        if ((config?.Find("transformResponse") ?? config?.Find("responseParser")) is not { Value: { IsNull: false } node } entry || file.Text(config!, entry.Key.Text) is not { } text)
        {
            return (null, names);
        }

        text = text.Trim();
        if (Arrow().Match(text) is { Success: true } arrow)
        {
            var (json, other) = (arrow.Groups["json"].Value, arrow.Groups["text"].Value);
            (names, text) = ((json, other.Length == 0 ? "text" : other), text[arrow.Length..]);
        }

        if (ScriptExpression.TryParse(text, out var wrong, [names.Json, names.Text]) is { } output)
        {
            return (output, names);
        }

        file.Refuse(node, "not-run", $"{entry.Key.Text} is no path into the answer: {wrong}.", "Write a pure expression of json and text, for example 'json.choices[0].message.content'.");
        return (null, names);
    }

    private List<KeyValuePair<string, string>> Pairs(YamlMapping? config, string key)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (config?.Find(key)?.Value is not { IsNull: false } node)
        {
            return pairs;
        }

        if (node is not YamlMapping map)
        {
            file.Refuse(node, "wrong-type", $"{key} must be a group of names with values.", $"Write '{key}: {{name: value}}'.");
            return pairs;
        }

        foreach (var entry in map.Entries)
        {
            Check(entry.Value);
            if (file.Text(map, entry.Key.Text) is { } value)
            {
                pairs.Add(KeyValuePair.Create(entry.Key.Text, value));
            }
        }

        return pairs;
    }

    /// <summary>Says of every text below that is no template why.</summary>
    private void Check(YamlNode? node)
    {
        switch (node)
        {
            case YamlMapping map:
                map.Entries.ToList().ForEach(entry => Check(entry.Value));
                break;
            case YamlSequence list:
                list.Items.ToList().ForEach(Check);
                break;
            case YamlScalar scalar when Template.TryParse(scalar.Text, environment, out var wrong) is null:
                file.Refuse(scalar, "template", $"In the http provider {wrong}.", "Write {{prompt}} and {{variables}}.");
                break;
        }
    }

    /// <summary>The server itself is written out: rows must not choose who is asked.</summary>
    [GeneratedRegex(@"\Ahttps?://[A-Za-z0-9_.\-\[\]:]+([/?]|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 250)]
    private static partial Regex Server();

    [GeneratedRegex(@"\A\(?\s*(?<json>[A-Za-z_$][A-Za-z0-9_$]*)\s*(,\s*(?<text>[A-Za-z_$][A-Za-z0-9_$]*)\s*)?\)?\s*=>\s*(?!\{)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 250)]
    private static partial Regex Arrow();
}
