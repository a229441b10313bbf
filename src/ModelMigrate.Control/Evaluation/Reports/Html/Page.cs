using System.Net;
using System.Text;

namespace ModelMigrate.Control.Evaluation.Reports.Html;

/// <summary>The frame of a page that needs no other file and runs no script.</summary>
internal static class Page
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6470; --line: #d5d9de; --paper: #fff; --good: #18794e; --bad: #c62a2f; --open: #9a6700; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #a0a8b2; --line: #3a4048; --paper: #16191d; --good: #4cc38a; --bad: #ff8589; --open: #e2b33c; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } h3 { font-size: 1rem; margin-bottom: 0; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--soft); font-weight: 600; }
        .verdict { border-left: .4rem solid; padding: .4rem .9rem; font-size: 1.1rem; } code { font-size: .85em; overflow-wrap: anywhere; }
        .verdict.pass, td.pass { color: var(--good); } .verdict.fail, td.fail, .verdict.refused { color: var(--bad); } .verdict.inconclusive, td.inconclusive { color: var(--open); }
        svg { width: 100%; max-width: 700px; height: auto; } svg text { fill: var(--ink); font-size: 12px; } svg .axis { text-anchor: middle; fill: var(--soft); font-size: 11px; } svg .name { text-anchor: end; }
        svg .tick { stroke: var(--line); } svg .zero { stroke: var(--soft); } svg .margin { stroke: var(--bad); stroke-dasharray: 4 3; } svg .interval { stroke: currentColor; stroke-width: 2; } svg circle { fill: currentColor; }
        svg .pass { color: var(--good); } svg .fail { color: var(--bad); } svg .inconclusive { color: var(--open); } svg rect { fill: currentColor; } svg .alike { color: var(--line); }
        .case { border: 1px solid var(--line); border-radius: .4rem; padding: .2rem 1rem 1rem; margin: 1rem 0; } .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 1rem; }
        .text { white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid var(--line); padding-top: .3rem; } .soft { color: var(--soft); }
        mark { background: color-mix(in srgb, var(--open) 30%, transparent); color: inherit; border-radius: .2rem; }
        """;

    public static string Of(string title, string body) =>
        $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        + $"<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n{body}</body>\n</html>\n";

    /// <summary>What a model said is text and nothing else.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static void Line(StringBuilder html, FormattableString line) => html.Append(Figures.Text(line)).Append('\n');
}
