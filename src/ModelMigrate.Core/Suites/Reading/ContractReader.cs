using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Core.Suites.Contracts;

namespace ModelMigrate.Core.Suites.Reading;

/// <summary>Reads contract cases: a request, and what its answer must be.</summary>
internal sealed class ContractReader(SourceFile file)
{
    private const string StatusRemedy = "Write for example 'status: 200', 'status: [400, 422]' or 'status: 4xx'.";

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    private static readonly System.Buffers.SearchValues<char> s_token =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public ContractCase Read(YamlEntry entry, MapReader reader, CaseTerms terms)
    {
        foreach (var key in new[] { "request", "expect" })
        {
            reader.Missing(key, key == "request" ? "Write 'request: { path: /v1/models }'." : "Write 'expect: { status: 200 }'.");
        }

        var (request, expects) = (Request(reader.Group("request"), reader.Has("request")), Expectation(reader.Group("expect"), reader.Has("expect")));
        var found = new ContractCase { Name = entry.Key.Text, Line = entry.Key.Start.Line, Terms = CaseReader.Terms(reader, terms), Request = request, Expects = expects };
        reader.Finish();
        return found;
    }

    private static ContractRequest Request(MapReader reader, bool isThere)
    {
        if (isThere)
        {
            reader.Missing("path", "Write for example 'path: /v1/chat/completions'.");
        }

        var path = reader.Text("path");
        if (path is not null && !path.StartsWith('/'))
        {
            reader.Problems.Error(reader.At("path"), reader.PathOf("path"), "bad-path", $"{reader.PathOf("path")} is '{MapReader.Shown(path)}', which does not begin with a slash.", "Write the path after the server's address, for example /v1/models.");
        }

        var (body, text) = (reader.Node("body"), reader.Node("text"));
        if (body is not null && text is not null)
        {
            reader.Problems.Error(reader.At("text"), reader.PathOf("text"), "bad-body", "The request has both a body and a text.", "Write 'body:' for JSON, or 'text:' for anything else.");
        }

        if (text is not null and not YamlScalar { IsNull: false })
        {
            reader.Problems.Error(reader.At("text"), reader.PathOf("text"), "wrong-type", $"{reader.PathOf("text")} must be a text, not {text.Kind}.", "Write JSON under 'body:'.");
        }

        var sent = body is not null ? YamlJson.Convert(body).GetRawText() : (text as YamlScalar)?.Text;
        var method = reader.Choice("method", [.. s_methods.Select(static (word, i) => (word, i))]);
        var headers = reader.Entries("headers").Where(each => IsName(reader, each.Entry, each.Path)).Select(each => KeyValuePair.Create(each.Entry.Key.Text, reader.TextOf(each.Entry.Value, each.Entry.Key, each.Path) ?? "")).ToList();
        reader.Finish();
        return new ContractRequest { Method = method is { } chosen ? s_methods[chosen] : sent is null ? "GET" : "POST", Path = path ?? "/", Headers = headers, Body = sent };
    }

    private ContractExpectation Expectation(MapReader reader, bool isThere)
    {
        if (isThere)
        {
            reader.Missing("status", StatusRemedy);
        }

        var headers = reader.Entries("headers").Where(each => IsName(reader, each.Entry, each.Path))
            .Select(each => KeyValuePair.Create(each.Entry.Key.Text, reader.TextOf(each.Entry.Value, each.Entry.Key, each.Path) is { } text and not "*" ? text : null)).ToList();
        var schema = Schema(reader, "schema");
        var events = reader.Has("events") ? Events(reader.Group("events")) : null;
        if (reader.Has("schema") && reader.Has("events"))
        {
            reader.Problems.Error(reader.At("schema"), reader.PathOf("schema"), "bad-schema", $"{reader.PathOf("schema")}: a stream of events is not one document.", "Move it into 'events:', where it is of each event.");
        }

        var found = new ContractExpectation { Status = Status(reader), Headers = headers, Schema = schema, Events = events };
        reader.Finish();
        return found;
    }

    private EventExpectation Events(MapReader reader)
    {
        var named = new Dictionary<string, JsonSchema?>(StringComparer.Ordinal);
        foreach (var (entry, path) in reader.Entries("named"))
        {
            named[entry.Key.Text] = entry.Value.IsNull ? null : Schema(entry.Value, path);
        }

        var found = new EventExpectation
        {
            Least = reader.Count("least", 1, 1_000_000) ?? 1, Schema = Schema(reader, "schema"), Named = named, LastData = reader.Text("lastData"), LastName = reader.Text("lastName"),
        };
        reader.Finish();
        return found;
    }

    private static List<(int Low, int High)> Status(MapReader reader)
    {
        var found = new List<(int, int)>();
        var node = reader.Node("status");
        foreach (var item in SourceFile.Items(node))
        {
            var text = (item as YamlScalar)?.Text ?? "";
            if (text.Length == 3 && text.EndsWith("xx", StringComparison.Ordinal) && text[0] is >= '1' and <= '5')
            {
                found.Add(((text[0] - '0') * 100, ((text[0] - '0') * 100) + 99));
            }
            else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599)
            {
                found.Add((status, status));
            }
            else
            {
                reader.Problems.Error(item, reader.PathOf("status"), "bad-status", $"{reader.PathOf("status")}: '{MapReader.Shown(text)}' is no status of HTTP.", StatusRemedy);
            }
        }

        if (node is { IsNull: true } or YamlSequence { Items.Count: 0 })
        {
            reader.Problems.Error(reader.At("status"), reader.PathOf("status"), "empty-value", $"{reader.PathOf("status")} has no value.", StatusRemedy);
        }

        return found;
    }

    private JsonSchema? Schema(MapReader reader, string key) => reader.Node(key) is { } node ? Schema(node, reader.PathOf(key)) : null;

    private JsonSchema? Schema(YamlNode node, string path)
    {
        var schema = default(JsonElement);
        if (node is YamlScalar { Text: var name } && name.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
        {
            if (file.Files.OpenTree(name, file, node) is not var (_, root))
            {
                return null;
            }

            schema = YamlJson.Convert(root);
        }
        else
        {
            schema = YamlJson.Convert(node);
        }

        if (JsonSchema.TryRead(schema, new SchemaOptions(), out var problems) is { } read)
        {
            return read;
        }

        file.Problems.Error(node, path, "bad-schema", $"{path} is no JSON Schema: {string.Join(" ", problems.Take(3))}", "Correct it; the draft is 2020-12 unless it names another.");
        return null;
    }

    private static bool IsName(MapReader reader, YamlEntry entry, string path)
    {
        var isName = entry.Key.Text.Length > 0 && entry.Key.Text.AsSpan().IndexOfAnyExcept(s_token) < 0;
        if (!isName)
        {
            reader.Problems.Error(entry.Key, path, "bad-header", $"'{MapReader.Shown(entry.Key.Text)}' is no name of a header.", "Write for example 'content-type: application/json'.");
        }

        return isName;
    }
}
