using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Answers;
using ArmKind = ModelMigrate.Core.Observing.Arm;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>The headers by which a client sees where its request went.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "x-model-migrate-request-id";
    public const string Route = "x-model-migrate-route";
    public const string Model = "x-model-migrate-model";
    public const string Arm = "x-model-migrate-arm";
    public const string Migration = "x-model-migrate-migration";
    public const string Revision = "x-model-migrate-revision";

    /// <summary>The route's rule that the request fell under.</summary>
    public const string Rule = "x-model-migrate-rule";

    /// <summary>Of a model with several endpoints, the provider of the one that answered.</summary>
    public const string Endpoint = "x-model-migrate-endpoint";

    /// <summary>In a request: by what an endpoint shall be chosen. In its answer: by what it was.</summary>
    public const string Strategy = "x-model-migrate-strategy";

    /// <summary>Whether the answer was given before: <c>hit</c>, <c>miss</c> or <c>bypass</c>; only on a route with a cache.</summary>
    public const string Cache = "x-model-migrate-cache";

    /// <summary>What the model was asked otherwise than the client asked, where its protocol or the model itself has no exact word for it.</summary>
    public const string Changes = "x-model-migrate-changes";

    /// <summary>The request field for which the target could not be asked.</summary>
    public const string Untranslatable = "x-model-migrate-untranslatable";

    /// <summary>Writes what is known when an answer begins. The request id is written by the endpoint.</summary>
    public static void Write(IHeaderDictionary to, ResponseHeadersMode mode, in AnswerHead head)
    {
        if (mode != ResponseHeadersMode.Full)
        {
            return;
        }

        to[Model] = head.Model.Id.Value;
        if (head.Model.IsEndpoint)
        {
            to[Endpoint] = head.Model.Provider.Id.Value;
        }

        Write(to, head.Assignment);
        if (head.Changes is { } changes)
        {
            to[Changes] = changes;
        }

        if (head.Untranslatable is { } field)
        {
            to[Untranslatable] = field;
        }
    }

    /// <summary>Writes what is known of a request without an answer.</summary>
    public static void Write(IHeaderDictionary to, ResponseHeadersMode mode, string requestId, Assignment? assignment)
    {
        WriteId(to, mode, requestId);
        if (mode == ResponseHeadersMode.Full && assignment is { } assigned)
        {
            Write(to, assigned);
        }
    }

    public static void WriteId(IHeaderDictionary to, ResponseHeadersMode mode, string requestId)
    {
        if (mode != ResponseHeadersMode.None)
        {
            to[RequestId] = requestId;
        }
    }

    private static void Write(IHeaderDictionary to, in Assignment assignment)
    {
        to[Route] = assignment.Route.Id.Value;
        to[Arm] = assignment.Arm == ArmKind.Target ? "target" : "source";
        to[Revision] = assignment.Snapshot.Revision.ToString(CultureInfo.InvariantCulture);
        if (assignment.Split is { } split)
        {
            to[Migration] = split.Migration.Value;
        }
    }
}
