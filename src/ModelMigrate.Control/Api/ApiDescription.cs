using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace ModelMigrate.Control.Api;

/// <summary>
/// The admin API as OpenAPI 3.1. What describes endpoints is as large as what serves them, so it stands in services of its own that are made when somebody
/// asks and let go after.
/// </summary>
internal static class ApiDescription
{
    private const string Name = "v1";

    /// <summary>Writes the description of <paramref name="sources"/>' endpoints as the answer.</summary>
    public static async Task WriteAsync(HttpContext context, IEnumerable<EndpointDataSource> sources)
    {
        var request = context.Request;
        var services = new ServiceCollection().AddLogging().AddRouting().AddControlJson()
            .AddSingleton(context.RequestServices.GetRequiredService<IHostEnvironment>())
            .AddSingleton<EndpointDataSource>(new CompositeEndpointDataSource(sources))
            .AddOpenApi(Name, options => options.AddDocumentTransformer((document, _, _) =>
            {
                (document.Info.Title, document.Info.Version) = ("ModelMigrate admin API", "1");
                document.Servers = [new OpenApiServer { Url = $"{request.Scheme}://{request.Host}{request.PathBase}/" }];
                return Task.CompletedTask;
            }));
        await using var provider = services.BuildServiceProvider();
        var document = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(context.RequestAborted);
        context.Response.ContentType = "application/json;charset=utf-8";
        await using var body = new MemoryStream();
        await document.SerializeAsJsonAsync(body, OpenApiSpecVersion.OpenApi3_1, context.RequestAborted);
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }
}
