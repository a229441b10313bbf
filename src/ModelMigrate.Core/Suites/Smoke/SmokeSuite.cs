using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Core.Suites.Smoke;

/// <summary>The built-in suite: whether a model can be asked the ways applications ask, in a dozen short calls.</summary>
public static partial class SmokeSuite
{
    public const string Name = "smoke";

    /// <summary>What a pass does not say; printed with it.</summary>
    public const string IsNot =
        "The smoke suite says that the model can be asked and answers in form. It says nothing of how good, safe or fast its answers are: that is for compare, check-safety and suites of your own.";

    /// <summary>Room for a model that thinks before it speaks.</summary>
    private const int Room = 1024;

    /// <summary>The least limit that every protocol takes: responses refuse less.</summary>
    private const int ShortLimit = 16;

    private const string Person = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}""";

    private const string Place = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    public static IReadOnlyList<SmokeCheck> Checks { get; } =
    [
        new("answers", "Without it nothing works: address, key, name of the model.", ["core"], Ask("Say hello."), static answer =>
            string.IsNullOrWhiteSpace(answer.Text) ? $"The answer is empty; it ended with {Word(answer.Finish)}." : null),
        new("instruction", "Applications tell a model how to answer.", ["core"], Ask("Reply with the single word PONG and nothing else."), static answer =>
            Alone("pong").IsMatch(answer.Text) ? null : "The answer is not the one word that was asked for."),
        new("system", "Applications put their rules into the system message.", ["core"], Ask("What colour is the grass?") with
        {
            System = [new TextPart("Whatever you are asked, reply with the single word BLUE and nothing else.")],
        }, static answer => Alone("blue").IsMatch(answer.Text) ? null : "The system message asked for one word, and the answer is another."),
        new("conversation", "A chat needs what was said before.", ["core"], Ask("What is my name? Reply with the name alone.") with
        {
            Turns = [new ChatTurn(ChatRole.User, "My name is Ada."), new ChatTurn(ChatRole.Assistant, "Hello Ada."), new ChatTurn(ChatRole.User, "What is my name? Reply with the name alone.")],
        }, static answer => Alone("ada").IsMatch(answer.Text) ? null : "The name was told two messages before, and the answer is not it."),
        new("json", "Programs read what models write.", ["core", "json"],
            Ask("Ada is 36 years old. Write her name and age as one JSON object with the keys name and age, age as a number. Reply with the JSON alone."), static answer => Json(answer.Text)),
        new("max-tokens", "A limit that is not kept costs money.", ["core"], Ask("Write the numbers from one to two hundred in words, with commas between.") with { MaxTokens = ShortLimit }, static answer =>
            answer.Usage is { } usage && usage.OutputTokens > ShortLimit ? string.Create(CultureInfo.InvariantCulture, $"At most {ShortLimit} tokens were allowed and {usage.OutputTokens} came.")
            : answer.Finish != FinishReason.Length ? $"The answer was cut at {ShortLimit} tokens or should have been, and ended with {Word(answer.Finish)} instead of length." : null),
        new("usage", "Costs, budgets and forecasts are counted from it.", ["core"], Ask("Say hello."), static answer => Usage(answer.Usage)),
        new("stream", "Users wait for the first words, not for the last.", ["stream"], Ask("Write the numbers from one to twenty in words."), static answer =>
            answer.Pieces < 2 ? $"The stream brought its text in {answer.Pieces} pieces: something between holds it back."
            : answer.Finish is null ? "The stream ended without saying why." : null) { Ask = SmokeAsk.Stream },
        new("stream-usage", "Streams cost as much as other answers.", ["stream"], Ask("Say hello."), static answer => Usage(answer.Usage)) { Ask = SmokeAsk.Stream },
        new("tool-call", "Agents act through calls of tools.", ["tools"], Ask("What is the weather in Paris? Use the tool.") with
        {
            Tools = [new ChatTool { Name = "get_weather", Description = "Tells the weather in a city.", Schema = Place }], ToolChoice = new ToolChoice(ToolChoiceMode.Required),
        }, static answer => Call(answer)),
        new("no-such-model", "A misspelt name must be an error, not another model's answer.", ["errors"], Ask("Say hello."), static answer =>
            answer.Error is null ? "A model that does not exist answered." : null) { Ask = SmokeAsk.NoSuchModel },
    ];

    /// <summary>As cases of a suite.</summary>
    /// <param name="without">Ids of checks that are left out.</param>
    /// <param name="terms">What the suite says of its cases.</param>
    /// <param name="line">Where the file asks for them, or null.</param>
    public static IReadOnlyList<SmokeCase> Cases(IReadOnlyList<string> without, CaseTerms terms, int? line) =>
    [
        .. Checks.Where(check => !without.Contains(check.Id, StringComparer.Ordinal))
            .Select(check => new SmokeCase { Name = check.Id, Check = check, Line = line, Terms = terms with { Tags = [.. terms.Tags.Union(check.Tags, StringComparer.Ordinal)] } }),
    ];

    /// <summary>The suite by itself.</summary>
    public static Suite Alone() => new() { Name = Name, Level = SuiteLevel.Smoke, Tier = SuiteTier.Pr, Cases = Cases([], new CaseTerms(), line: null) };

    private static ChatRequest Ask(string prompt) => new() { Turns = [new ChatTurn(ChatRole.User, prompt)], MaxTokens = Room };

    private static string Word(FinishReason? finish) => finish is { } reason ? JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()) : "no reason";

    private static string? Usage(Usage? usage) => usage is not { } told ? "No usage is told."
        : told is { InputTokens: > 0, OutputTokens: > 0 } ? null
        : string.Create(CultureInfo.InvariantCulture, $"The usage says {told.InputTokens} tokens in and {told.OutputTokens} out.");

    private static string? Json(string text)
    {
        using var json = AnswerJson.TryParse(text.Trim()) ?? Fenced(text);
        return json is null ? "The answer is not JSON, neither alone nor in one code fence."
            : Broken(Person, json.RootElement) is { } broken ? $"The JSON is another than was asked for: {broken}."
            : json.RootElement.GetProperty("age").GetDouble() != 36 ? "The JSON has another age than was told." : null;
    }

    private static JsonDocument? Fenced(string text) => Fence().Match(text.Trim()) is { Success: true } match ? AnswerJson.TryParse(match.Groups["json"].Value) : null;

    private static string? Call(SmokeAnswer answer)
    {
        if (answer.Calls is not [var call, ..])
        {
            return $"No tool was called; the answer ended with {Word(answer.Finish)}.";
        }

        if (call.Name != "get_weather")
        {
            return "A tool was called that was not offered.";
        }

        using var arguments = AnswerJson.TryParse(call.Arguments);
        return arguments is null ? "The arguments of the call are not JSON."
            : Broken(Place, arguments.RootElement) is { } broken ? $"The arguments of the call break the tool's schema: {broken}."
            : call.Id.Length == 0 ? "The call has no id, so no result can be given to it." : null;
    }

    private static string? Broken(string schema, JsonElement value)
    {
        using var read = JsonDocument.Parse(schema);
        var errors = JsonSchema.TryRead(read.RootElement, new SchemaOptions(), out _)!.Validate(value);
        return errors.Count == 0 ? null : string.Join(", ", errors.Take(3).Select(static error => $"{(error.InstancePath.Length == 0 ? "the whole" : error.InstancePath)} {error.Message}"));
    }

    /// <summary>The word by itself, with quotes, marks or a full stop around it.</summary>
    private static Regex Alone(string word) => new($@"\A\W*{word}\W*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\A```\w*\n(?<json>.*?)\n?```\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fence();
}
