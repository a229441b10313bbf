using System.Text;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.Choosing;

/// <summary>Finds the rule of a route that a request falls under.</summary>
internal static class RuleMatch
{
    public static RouteRule? Of(HttpContext context, RouteSnapshot route, ChatBody body, ReadOnlyMemory<byte> key, string? client) =>
        route.Rules.Count == 0 ? null : Find(context, route, body, key, client);

    private static RouteRule? Find(HttpContext context, RouteSnapshot route, ChatBody body, ReadOnlyMemory<byte> key, string? client)
    {
        var headers = context.Request.Headers;
        string? Header(string name) => headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
        var rule = RouteRule.FirstOf(route.Rules, new RuleFacts
        {
            User = Header(route.StickyHeader) ?? (body.User.Length > 0 ? Encoding.UTF8.GetString(body.User.Span) : null),
            Client = client,
            Header = Header,
            HasImages = body.HasImages,
            Stream = body.Stream,
            Key = key,
        });
        if (rule is not null && route.ResponseHeaders == ResponseHeadersMode.Full)
        {
            context.Response.Headers[ResponseHeaders.Rule] = rule.Name;
        }

        return rule;
    }
}
