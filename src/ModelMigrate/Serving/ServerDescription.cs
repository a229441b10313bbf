using System.Globalization;
using ModelMigrate.Control;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Serving;

/// <summary>The first lines that a server prints.</summary>
internal static class ServerDescription
{
    public static IEnumerable<string> Lines(RunningServer server, ControlPlane control, RoutingSnapshot snapshot, ServeOptions options)
    {
        yield return $"Gateway    {string.Join(", ", server.GatewayUrls.Select(url => url + "/v1"))}";
        yield return $"Admin API  {string.Join(", ", server.AdminUrls.Select(url => url + "/api/v1"))}   (metrics at /metrics, health at /healthz and /readyz)";
        yield return $"Data       {options.DataDirectory}";
        foreach (var route in snapshot.Routes.Values.OrderBy(route => route.Id.Value, StringComparer.Ordinal))
        {
            var fallback = route.Fallback.Count > 0 ? $", else {string.Join(", ", route.Fallback.Select(model => model.Id))}" : "";
            yield return $"Route      {route.Id} -> {route.Model.Id} at {route.Model.Provider.BaseUrl}{fallback}";
        }

        foreach (var hybrid in control.Config.Hybrids)
        {
            yield return $"Hybrid     {hybrid.Id}: {hybrid.Route} beside {hybrid.To}, {HybridWords.Of(hybrid.Mode)}";
        }

        foreach (var migration in control.Migrations)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Migration  {migration.Id}: {migration.Route} from {migration.Source} to {migration.Target}, {migration.Phase}, {migration.Weight * 100:0.##} % on the target");
        }
    }
}
