using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Providers.Exchange.Rehearsing;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Linting;

/// <summary>Rehearses requests line by line on a route's model and on the one that it would move to. Holds one request at a time, and a group a finding.</summary>
internal sealed class LintRun(
    string route, IReadOnlySet<string> otherRoutes, ModelSnapshot source, ModelSnapshot target, ChangesPolicy policy, bool knowsImages = false)
{
    /// <summary>A request may be as long as the gateway takes it.</summary>
    public const int LongestLine = 32 << 20;

    private readonly Dictionary<(RequestFate, string, FindingCause), LintGroup> _groups = [];
    private readonly List<LineProblem> _problems = [];
    private readonly RouteSnapshot _route = new() { Id = new RouteId(route), Model = source, Fallback = [target], Changes = policy };

    /// <summary>Another model of the route may be the one that sees.</summary>
    private readonly bool _knowsImages = knowsImages || source.TakesImages || target.TakesImages;
    private long _lines;
    private long _requests;
    private long _other;
    private long _unchanged;

    /// <summary>Takes every line of a stream. <paramref name="progress"/> hears of lines; <paramref name="usualPath"/> is that of bodies that stand alone.</summary>
    public LintReport Read(Stream stream, string usualPath, Action<long>? progress, CancellationToken cancel)
    {
        using var lines = new LineReader(stream, LongestLine);
        while (lines.TryRead(out var line))
        {
            cancel.ThrowIfCancellationRequested();
            if (line.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            _lines++;
            if (RequestLine.TryRead(lines.Number, line, route, usualPath, out var problem) is { } read)
            {
                problem = Take(read);
            }

            if (problem.Length > 0)
            {
                _problems.Add(new LineProblem(lines.Number, problem));
            }

            progress?.Invoke(lines.Number);
        }

        return new LintReport(
            route, source.Id.Value, target.Id.Value, _lines, _requests, _other, _unchanged,
            [.. _groups.Values.OrderBy(group => group.Fate).ThenByDescending(group => group.Requests).ThenBy(group => group.Line)], _problems);
    }

    /// <summary>Answers what is wrong with the line.</summary>
    private string Take(RequestLine line)
    {
        if (!RequestLine.TryScan(line.Path, line.Body, out var request, out var problem))
        {
            return problem;
        }

        if (otherRoutes.Contains(request!.Body.ModelName))
        {
            _other++;
            return "";
        }

        _requests++;
        var found = Findings(line, request, target).DistinctBy(Key).ToList();
        var known = found.Count == 0 ? [] : Findings(line, request, source).ToHashSet();
        _unchanged += found.Count == 0 ? 1 : 0;
        foreach (var finding in found)
        {
            Add(line, finding, known.Contains(finding));
        }

        return "";
    }

    private void Add(RequestLine line, RequestFinding finding, bool isOnSource)
    {
        var key = Key(finding);
        if (!_groups.TryGetValue(key, out var group))
        {
            var remedy = Remedy.Of(finding, line.Body, source.Id.Value);
            group = new LintGroup(
                finding.Fate, finding.Field, finding.Cause, 0, 0, line.Number, finding.Detail, RedactedExample.Of(line.Body, finding.Field), remedy.Text, remedy.Patch);
        }

        _groups[key] = group with { Requests = group.Requests + 1, OnSourceToo = group.OnSourceToo + (isOnSource ? 1 : 0) };
    }

    /// <summary>Every finding: one field that stops a request hides those behind it, so it is taken out and the rest looked at again.</summary>
    private IEnumerable<RequestFinding> Findings(RequestLine line, GivenRequest request, ModelSnapshot model)
    {
        for (JsonObject? rest = null; ;)
        {
            var findings = Rehearsal.Of(request.Body, request.Translate, model, _route, _knowsImages);
            foreach (var finding in findings)
            {
                yield return finding;
            }

            if (findings is not [{ Cause: FindingCause.Untranslatable, Field: var field }, ..])
            {
                yield break;
            }

            rest ??= line.Body.DeepClone().AsObject();
            if (!rest.Remove(field) || !RequestLine.TryScan(line.Path, rest, out var smaller, out _))
            {
                yield break;
            }

            request = smaller!;
        }
    }

    private static (RequestFate, string, FindingCause) Key(RequestFinding finding) => (finding.Fate, finding.Field, finding.Cause);
}
