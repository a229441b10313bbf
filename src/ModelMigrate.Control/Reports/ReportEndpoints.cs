using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModelMigrate.Control.Api;
using ModelMigrate.Control.Rollouts;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Reports;

/// <summary>Reports and runbooks, made from live values.</summary>
internal sealed class ReportEndpoints(ControlPlane control)
{
    private const int MostEvents = 10_000;
    private const string Markdown = "text/markdown; charset=utf-8";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/migrations/{id}/report", Report).Produces<string>(200, "text/markdown").Produces<ProblemView>(404, Problems.ContentType);
        api.MapGet("/v1/migrations/{id}/runbook", ShowRunbook).Produces<string>(200, "text/markdown").Produces<ProblemView>(404, Problems.ContentType);
    }

    private IResult Report(string id, HttpRequest request)
    {
        var format = request.Query["format"].ToString();
        if (format is not ("" or "md" or "json"))
        {
            return Problems.Of(new Refusal(StatusCodes.Status400BadRequest, "invalid_format", $"There is no format '{format}'. Write md or json."));
        }

        var all = control.Controller.Latest;
        if (all.Find(id) is not { } item)
        {
            return Problems.Of(Refusal.UnknownMigration(id));
        }

        var events = control.Journal.Events(id, MostEvents);
        var report = MigrationReport.Of(
            Views.Detail(item, all, events) with { HardStops = control.HardStops.Of(item, all.At) }, item.Evidence?.Gates ?? [], Model(all, item.Spec.Source), Model(all, item.Spec.Target), events, all.At);
        return format == "json" ? Results.Json(report, ReportJson.Default.MigrationReport) : Results.Text(MarkdownReport.Write(report), Markdown);
    }

    private IResult ShowRunbook(string id, HttpRequest request)
    {
        var all = control.Controller.Latest;
        return all.Find(id) is { } item
            ? Results.Text(
                Runbook.Write(Views.Detail(item, all, []), $"{request.Scheme}://{request.Host}", all.Loaded.Config.Admin.Token is not null, all.At), Markdown)
            : Problems.Of(Refusal.UnknownMigration(id));
    }

    private static ModelView? Model(ControlReading all, ModelId id) => all.Loaded.Catalog.TryGetValue(id, out var model) ? Views.Model(model) : null;
}
