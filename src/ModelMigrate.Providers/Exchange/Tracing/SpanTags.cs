namespace ModelMigrate.Providers.Exchange.Tracing;

/// <summary>
/// Names of what stands in a span. <c>http.*</c>, <c>server.*</c> and <c>error.type</c> are OpenTelemetry's general conventions, <c>gen_ai.*</c> those for
/// generative AI (semantic-conventions 1.37, docs/gen-ai/gen-ai-spans.md); <c>model_migrate.*</c> are ours. None of them ever holds a prompt, an answer,
/// a key, or the value of a client's header.
/// </summary>
public static class SpanTags
{
    public const string Method = "http.request.method";
    public const string HttpRoute = "http.route";
    public const string Status = "http.response.status_code";

    /// <summary>A status, a word of <see cref="SpanWords"/>, or the code of a refusal; never a message.</summary>
    public const string Error = "error.type";

    public const string Address = "server.address";
    public const string Port = "server.port";

    public const string Operation = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";

    public const string RequestId = "model_migrate.request_id";
    public const string Route = "model_migrate.route";
    public const string Rule = "model_migrate.rule";
    public const string Client = "model_migrate.client";
    public const string Stream = "model_migrate.stream";
    public const string Migration = "model_migrate.migration";
    public const string Arm = "model_migrate.arm";

    /// <summary>Of the snapshot that the request was served by.</summary>
    public const string Revision = "model_migrate.revision";

    /// <summary>What the request met in its route's cache: <c>hit</c>, <c>miss</c> or <c>bypass</c>.</summary>
    public const string Cache = "model_migrate.cache";

    /// <summary>How the assigned arm did, or a single attempt.</summary>
    public const string Outcome = "model_migrate.outcome";

    public const string Rescued = "model_migrate.rescued";
    public const string Resumed = "model_migrate.resumed";
    public const string Attempts = "model_migrate.attempts";
    public const string AnsweredBy = "model_migrate.answered_by";
    public const string FailedChecks = "model_migrate.checks.failed";

    /// <summary>Where the answer breaks them, without its words.</summary>
    public const string CheckFaults = "model_migrate.checks.faults";

    /// <summary>Of an attempt: why it was made.</summary>
    public const string Role = "model_migrate.role";

    public const string Model = "model_migrate.model";
    public const string Provider = "model_migrate.provider";

    /// <summary>What was asked or answered otherwise than it was written, one text a field.</summary>
    public const string Changes = "model_migrate.changes";

    /// <summary>The request field for which the target could not be asked.</summary>
    public const string Untranslatable = "model_migrate.untranslatable";

    /// <summary>US dollars by catalog prices.</summary>
    public const string Cost = "model_migrate.cost";

    /// <summary>Seconds from the call to a stream's first content.</summary>
    public const string FirstContent = "model_migrate.time_to_first_content";
}
