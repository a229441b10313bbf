using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Configuration.Checking;

/// <summary>What <c>check</c> says of a file: everything that is wrong with it, what it means, and what its migrations will need.</summary>
public sealed record CheckReport
{
    public required string File { get; init; }

    /// <summary>Whether the file can be used.</summary>
    public required bool Valid { get; init; }

    /// <summary>Requests a second that the forecasts assume, or null.</summary>
    public double? Rate { get; init; }

    /// <summary>Share of failing requests that the forecasts assume.</summary>
    public required double ErrorRate { get; init; }

    public required IReadOnlyList<ConfigProblem> Problems { get; init; }

    /// <summary>Each route with the model, and provider, that serves it.</summary>
    public required IReadOnlyList<CheckedRoute> Routes { get; init; }

    public required IReadOnlyList<CheckedMigration> Migrations { get; init; }

    /// <summary>Makes the report of one reading.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="result">What the reader made of it.</param>
    /// <param name="rate">Requests a second on each migrating route, or null when unknown.</param>
    /// <param name="errorRate">Share of requests that fail today, 0 to 1.</param>
    public static CheckReport Of(string file, ConfigResult result, double? rate = null, double errorRate = 0.005)
    {
        var config = result.Config ?? new ModelMigrateConfig();
        var catalog = CatalogCompiler.Compile(config);
        return new()
        {
            File = file,
            Valid = result.Config is not null,
            Rate = rate,
            ErrorRate = errorRate,
            Problems = result.Problems,
            Routes = [.. config.Routes.Select(route => new CheckedRoute(
                route.Id.Value, route.Model.Value, catalog[route.Model].Provider.Id.Value, [.. route.Fallback.Select(model => model.Value)],
                route.LargerContext?.Value, Resumes(route, catalog)))],
            Migrations = [.. config.Migrations.Select(migration => CheckedMigration.Of(
                migration, RolloutSpecFactory.Create(migration, config, catalog), catalog[config.FindRoute(migration.Route)!.Model], rate, errorRate))],
        };
    }

    private static string? Resumes(RouteConfig route, FrozenDictionary<ModelId, ModelSnapshot> catalog)
    {
        if (route.OnCut != CutPolicy.Resume)
        {
            return null;
        }

        var prefilled = route.Fallback.Prepend(route.Model).Where(id => catalog[id].Prefill).ToList();
        return prefilled.Count > 0 ? $"prefill on {string.Join(", else ", prefilled)}" : "asking again, for no model of the route accepts a prefill";
    }

    public string ToJson() => JsonSerializer.Serialize(this, CheckJson.Default.CheckReport);

    /// <summary>Plain lines, for a terminal or a log.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var problem in Problems)
        {
            text.AppendLine(problem.ToString());
        }

        if (!Valid)
        {
            var errors = Problems.Count(problem => problem.Severity == ConfigSeverity.Error);
            return text.AppendLine(CultureInfo.InvariantCulture, $"{File} cannot be used: {errors} error{(errors == 1 ? "" : "s")}.").ToString();
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{File} is valid.");
        foreach (var route in Routes)
        {
            var fallback = route.Fallback.Count > 0 ? $", then {string.Join(", ", route.Fallback)}" : "";
            var larger = route.LargerContext is { } model ? $"; {model} when the context is too short" : "";
            var resumes = route.Resumes is { } how ? $"; a cut stream of text is resumed by {how}" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"Route {route.Id}: {route.Model} at {route.Provider}{fallback}{larger}{resumes}.");
        }

        foreach (var migration in Migrations)
        {
            migration.Write(text, Rate, ErrorRate);
        }

        return text.ToString();
    }
}
