using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModelMigrate.Control.Rollouts;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Configuration.Changes;
using ModelMigrate.Core.Plans.Stopping;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Api;

/// <summary>Migrations: to look at, and to move by verbs.</summary>
internal sealed class MigrationEndpoints(ControlPlane control)
{
    private const int ShownEvents = 10;
    private const int MaxEvents = 1000;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/migrations", List).Produces<IReadOnlyList<MigrationSummary>>();
        api.MapGet("/v1/migrations/{id}", Show).Produces<MigrationDetail>().Produces<ProblemView>(404, Problems.ContentType);
        api.MapGet("/v1/migrations/{id}/evidence", Evidence).Produces<IReadOnlyList<GateView>>().Produces<ProblemView>(404, Problems.ContentType);
        api.MapGet("/v1/migrations/{id}/export", Export).Produces<string>(200, "application/x-ndjson").Produces<ProblemView>(404, Problems.ContentType);
        api.MapGet("/v1/events", Events).Produces<IReadOnlyList<EventView>>();
        api.MapPost("/v1/migrations/{id}/{verb}", ActAsync).Accepts<ActionRequest>("application/json").Produces<MigrationDetail>()
            .Produces<ProblemView>(400, Problems.ContentType).Produces<ProblemView>(404, Problems.ContentType).Produces<ProblemView>(409, Problems.ContentType);
        api.MapPost("/v1/rollback", RollbackAsync).Accepts<ActionRequest>("application/json").Produces<MigrationDetail>()
            .Produces<ProblemView>(400, Problems.ContentType).Produces<ProblemView>(404, Problems.ContentType).Produces<ProblemView>(409, Problems.ContentType);
    }

    private IResult List() =>
        Results.Json([.. control.Controller.Latest.Rollouts.Select(Views.Summary)], ApiJson.Default.IReadOnlyListMigrationSummary);

    private IResult Show(string id) => control.Controller.Latest.Find(id) is { } item
        ? Detail(item, stops: control.HardStops.Of(item, control.Controller.Latest.At))
        : Problems.Of(Refusal.UnknownMigration(id));

    private IResult Evidence(string id) => control.Controller.Latest.Find(id) is { } item
        ? Results.Json(Views.Gates(item), ApiJson.Default.IReadOnlyListGateView)
        : Problems.Of(Refusal.UnknownMigration(id));

    private IResult Export(string id) => control.Controller.Latest.Find(id) is null
        ? Problems.Of(Refusal.UnknownMigration(id))
        : Results.Stream(
            async body =>
            {
                await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                foreach (var line in control.Journal.Export(id))
                {
                    await writer.WriteAsync(line + "\n");
                }
            },
            "application/x-ndjson");

    private IResult Events(HttpRequest request)
    {
        var text = request.Query["limit"].ToString();
        var limit = 100;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxEvents))
        {
            return Problems.Of(new Refusal(StatusCodes.Status400BadRequest, "invalid_limit", $"limit is '{text}'. Write a number from 1 to {MaxEvents}."));
        }

        var migration = request.Query["migration"].ToString();
        return Results.Json(control.Journal.Events(migration.Length == 0 ? null : migration, limit), ApiJson.Default.IReadOnlyListEventView);
    }

    private async Task<IResult> ActAsync(string id, string verb, HttpRequest request)
    {
        if (Verb(verb) is not { } known)
        {
            return Problems.Of(new Refusal(
                StatusCodes.Status404NotFound,
                "verb_not_found",
                $"There is no verb '{verb}'. Write one of {string.Join(", ", Enum.GetValues<RolloutVerb>().Select(Views.Name))}."));
        }

        var (body, refusal) = await ActionBody.ReadAsync(request, needsId: false);
        if (body is { MigrationId: { } named } && named != id)
        {
            refusal = new Refusal(StatusCodes.Status400BadRequest, "invalid_body", $"migration_id is '{named}' and the path says '{id}'. Leave migration_id out.");
        }

        return refusal is null ? await DoAsync(id, known, body!, request.HttpContext.RequestAborted) : Problems.Of(refusal);
    }

    private async Task<IResult> RollbackAsync(HttpRequest request)
    {
        var (body, refusal) = await ActionBody.ReadAsync(request, needsId: true);
        return refusal is null
            ? await DoAsync(body!.MigrationId!, RolloutVerb.Rollback, body, request.HttpContext.RequestAborted)
            : Problems.Of(refusal);
    }

    private async Task<IResult> DoAsync(string id, RolloutVerb verb, ActionRequest body, CancellationToken cancel)
    {
        var actor = string.IsNullOrWhiteSpace(body.Actor) ? "operator" : body.Actor;
        var answer = await control.Loop.AskAsync(() => control.Controller.Act(id, verb, actor, body.Reason ?? ""), cancel);
        return answer switch
        {
            null => Problems.Of(new Refusal(
                StatusCodes.Status503ServiceUnavailable, "control_loop_down", "The control loop does not answer, and nothing was done. Ask again; if that does not help, restart.")),
            { Refusal: { } refused } => Problems.Of(refused),
            _ => Detail(answer.Reading!, verb == RolloutVerb.Finalize ? await FinalizeAsync(answer.Reading!, cancel) : null),
        };
    }

    // The file as it is now, not as it was last taken over: its owner will apply the change to what stands there.
    private async Task<string?> FinalizeAsync(RolloutReading item, CancellationToken cancel)
    {
        try
        {
            var text = await File.ReadAllTextAsync(control.ConfigFile, cancel);
            return FinalizeDiff.Create(text, Path.GetFileName(control.ConfigFile), item.Spec.Id, item.State.Phase == RolloutPhase.Completed)?.Diff;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // An answer to a verb waits for no simulation.
    private IResult Detail(RolloutReading item, string? diff = null, HardStopForecast? stops = null) => Results.Json(
        Views.Detail(item, control.Controller.Latest, control.Journal.Events(item.Spec.Id.Value, ShownEvents), diff) with { HardStops = stops },
        ApiJson.Default.MigrationDetail);

    private static RolloutVerb? Verb(string text)
    {
        foreach (var verb in Enum.GetValues<RolloutVerb>())
        {
            if (Views.Name(verb) == text)
            {
                return verb;
            }
        }

        return null;
    }
}
