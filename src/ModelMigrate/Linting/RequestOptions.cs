using System.CommandLine;
using ModelMigrate.Commands;
using ModelMigrate.Control.Publishing;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Output;

namespace ModelMigrate.Linting;

/// <summary>The options of the commands that take a route's requests to another model before its traffic goes there.</summary>
internal sealed class RequestOptions
{
    public Option<string> Route { get; } = new("--route") { Description = "The route.", HelpName = "ROUTE", Required = true };

    public Option<string> To { get; } = new("--to") { Description = "The model that it would move to: one of the configuration's.", HelpName = "MODEL", Required = true };

    public Option<string> Protocol { get; } = new("--protocol")
    {
        Description = "Whose requests the lines are that do not say their path: openai, anthropic or responses.", HelpName = "NAME", DefaultValueFactory = _ => "openai",
    };

    public RequestOptions() => Protocol.AcceptOnlyFromAmong("openai", "anthropic", "responses");

    /// <summary>The path of bodies that stand alone.</summary>
    public string UsualPath(CommandContext context) => GivenRequest.Paths[context.Parsed.GetValue(Protocol) switch { "anthropic" => 1, "responses" => 2, _ => 0 }];

    /// <summary>What the options name, or the exit code after all that is wrong was said.</summary>
    public ExitCode TryFind(CommandContext context, out Found? found)
    {
        found = null;
        var file = context.Parsed.GetValue(SharedOptions.Config)!;
        var (config, _, code) = ConfigurationFile.Read(context, file);
        if (config is null)
        {
            return code;
        }

        var (routeName, modelName) = (context.Parsed.GetValue(Route)!, context.Parsed.GetValue(To)!);
        var route = config.FindRoute(new RouteId(routeName));
        var model = config.FindModel(new ModelId(modelName));
        if (route is null)
        {
            context.Terminal.Error.WriteLine($"--route: '{routeName}' is not in {file.Name}. {Near(routeName, config.Routes.Select(r => r.Id.Value))}");
        }

        if (model is null)
        {
            context.Terminal.Error.WriteLine($"--to: '{modelName}' is not in {file.Name}. {Near(modelName, config.Models.Select(m => m.Id.Value))}");
        }
        else if (model.Id == route?.Model)
        {
            context.Terminal.Error.WriteLine($"--to: '{modelName}' serves the route '{routeName}' today. Name the model that it would move to.");
            model = null;
        }

        if (route is null || model is null)
        {
            return ExitCode.Usage;
        }

        var catalog = CatalogCompiler.Compile(config);
        found = new Found(
            RouteCompiler.Compile(route, catalog), catalog[model.Id], config.Routes.Select(r => r.Id.Value).Where(name => name != routeName).ToHashSet(StringComparer.Ordinal));
        return ExitCode.Ok;
    }

    /// <summary>Opens a file, or standard input for a dash.</summary>
    public static Stream Open(CommandContext context, string file) => file == "-"
        ? context.Terminal.Input()
        : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    private static string Near(string written, IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        return NearestName.Of(written, all) is { } near ? $"Did you mean '{near}'?" : $"Write one of {string.Join(", ", all)}.";
    }

    /// <param name="Route">The route; its model is the source.</param>
    /// <param name="Target">The model that it would move to.</param>
    /// <param name="Others">The other routes' names.</param>
    internal sealed record Found(RouteSnapshot Route, ModelSnapshot Target, IReadOnlySet<string> Others);
}
