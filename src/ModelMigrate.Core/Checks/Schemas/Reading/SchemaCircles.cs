using ModelMigrate.Core.Checks.Schemas.Keywords;

namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>Finds schemas that lead back to themselves without going deeper into the document: no document has an end for them.</summary>
internal static class SchemaCircles
{
    /// <summary>Where such circles begin.</summary>
    public static IEnumerable<string> Find(IEnumerable<SchemaNode> nodes)
    {
        var done = new HashSet<SchemaNode>();
        foreach (var node in nodes)
        {
            if (Leads(node, [], done))
            {
                yield return node.Location;
                yield break;
            }
        }
    }

    private static bool Leads(SchemaNode node, HashSet<SchemaNode> way, HashSet<SchemaNode> done)
    {
        if (!way.Add(node))
        {
            return true;
        }

        var found = !done.Contains(node) && node.Keywords.Any(keyword => keyword.InPlace.Any(next => Leads(next, way, done)));
        way.Remove(node);
        done.Add(node);
        return found;
    }
}
