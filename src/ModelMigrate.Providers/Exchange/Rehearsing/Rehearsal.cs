using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Responses;

namespace ModelMigrate.Providers.Exchange.Rehearsing;

/// <summary>Says what would become of a request on a model, by the rules and writers that serve it live. Nothing is sent.</summary>
public static class Rehearsal
{
    /// <summary>What a finding on the request's pictures calls them; the live gateway's word for them, too.</summary>
    public const string ImagesField = "images";

    private const int CharactersPerToken = 4;

    /// <summary>Every difference between the request and what the model would be asked; none when it would be asked just that.</summary>
    /// <param name="body">The request as one scan found it.</param>
    /// <param name="translate">Reads it into the neutral language.</param>
    /// <param name="model">The model.</param>
    /// <param name="route">Every model that serves with it, whose thinking has to be told apart, and what becomes of changes.</param>
    /// <param name="knowsImages">Whether any model of the route is known to see pictures.</param>
    public static IReadOnlyList<RequestFinding> Of(
        ChatBody body, Func<(ChatRequest? Request, ChatError? Error)> translate, ModelSnapshot model, RouteSnapshot route, bool knowsImages)
    {
        List<RequestFinding> findings = [];
        if (body.ObstacleAt(model) is { } obstacle)
        {
            findings.Add(new RequestFinding(RequestFate.Fails, obstacle, FindingCause.Untranslatable));
        }

        if (!body.IsSeenBy(model, knowsImages))
        {
            findings.Add(new RequestFinding(RequestFate.Fails, ImagesField, FindingCause.Capability));
        }

        if (findings is [{ Cause: FindingCause.Untranslatable }, ..])
        {
            return findings;
        }

        var passes = Carrying.PassesAsBytes(body, model, route);
        var (request, error) = body.Operation is Operation.Chat or Operation.Responses ? translate() : default;
        if (request is null)
        {
            // What passes as bytes is its provider's to judge.
            return passes ? findings : [.. findings, new RequestFinding(RequestFate.Fails, error?.Field ?? "messages", FindingCause.Invalid, error?.Message)];
        }

        var policy = route.Changes;
        request = request.WithOrigin(body.RawFamily(route.Source));
        findings.AddRange(passes ? Passed(body, model, request, policy) : Findings(Changes(body.Operation, model, request), policy));
        if (TooLong(model, request) is { } tooLong)
        {
            findings.Add(tooLong);
        }

        return findings;
    }

    /// <summary>What is cut out of bytes that pass, for a provider of the chat completions protocol; and what the provider would refuse.</summary>
    private static IEnumerable<RequestFinding> Passed(ChatBody body, ModelSnapshot model, ChatRequest request, ChangesPolicy policy)
    {
        if (body.Operation != Operation.Chat || !DialectEdits.AreNeeded(model))
        {
            return Refusals(body.Operation, model, request);
        }

        var changes = new ChangeList();
        _ = DialectEdits.Find(body.Bytes.Span, model, changes);
        return Findings(changes.All, policy).Concat(Refusals(body.Operation, model with { Rejects = [] }, request));
    }

    private static IEnumerable<RequestFinding> Findings(IEnumerable<ChatChange> changes, ChangesPolicy policy) => changes.Select(change =>
        policy == ChangesPolicy.Reject ? new RequestFinding(RequestFate.Fails, change.Field, FindingCause.Policy, change.Detail)
        : new RequestFinding(change.Kind == ChangeKind.Dropped ? RequestFate.Loses : RequestFate.Changes, change.Field, FindingCause.Translated, change.Detail));

    /// <summary>What the writer only changes because of what the entry says the model refuses: no writer stands between bytes that pass and the provider.</summary>
    private static IEnumerable<RequestFinding> Refusals(Operation operation, ModelSnapshot model, ChatRequest request) =>
        Changes(operation, model, request).Except(Changes(operation, model with { Rejects = [], MaxOutputTokens = null }, request))
            .Select(change => new RequestFinding(RequestFate.Fails, change.Field, FindingCause.Rejected, change.Detail));

    private static IEnumerable<ChatChange> Changes(Operation operation, ModelSnapshot model, ChatRequest request)
    {
        var changes = new ChangeList();
        using var written = model.Provider.Kind switch
        {
            ProviderKind.OpenAi when model.InResponses || (operation == Operation.Responses && model.TakesResponses) => ResponseRequestWriter.Write(model, request, stream: false, changes),
            ProviderKind.OpenAi => OpenAiRequestWriter.Write(model, request, stream: false, changes),
            ProviderKind.Anthropic => AnthropicRequestWriter.Write(model, request, stream: false, changes),
            ProviderKind.Gemini => GeminiRequestWriter.Write(model, request, changes),
            ProviderKind.Bedrock => BedrockRequestWriter.Write(model, request, changes),
        };
        return changes.All;
    }

    private static RequestFinding? TooLong(ModelSnapshot model, ChatRequest request)
    {
        var prompt = (request.System.Concat(request.Turns.SelectMany(turn => turn.Parts)).Sum(Length) + request.Tools.Sum(Length)) / CharactersPerToken;
        return model.ContextLength is { } most && prompt + (request.MaxTokens ?? 0) > most
            ? new RequestFinding(RequestFate.Fails, "messages", FindingCause.Context, $"about {prompt} tokens and {request.MaxTokens ?? 0} of answer, of {most}")
            : null;
    }

    private static int Length(ChatPart part) => part switch
    {
        TextPart { Text: var text } => text.Length,
        ThinkingPart { Text: var text } => text.Length,
        ToolCallPart { Arguments: var text } => text.Length,
        ToolResultPart result => result.Parts.Sum(Length),
        _ => 0,
    };

    /// <summary>What a tool is called, says and takes is part of the prompt of every turn.</summary>
    private static int Length(ChatTool tool) => tool.Name.Length + (tool.Description?.Length ?? 0) + (tool.Schema?.Length ?? 0) + (tool.Foreign?.Json.Length ?? 0);
}
