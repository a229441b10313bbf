using System.Text;
using ModelMigrate.Gateway.Caching;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Tests.Gateway.Caching;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """ { "b" : [ true , null ] , "a" : 1 } """, true)]
    [InlineData("""{"a":{"x":1,"y":2}}""", """{"a":{"y":2,"x":1}}""", true)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":"b c"}""", """{"a":"bc"}""", false)]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""", false)]
    [InlineData("""{"a":[[1],[2]]}""", """{"a":[[1,2]]}""", false)]
    [InlineData("""{"a":"\ud800"}""", """{ "a":"\ud800" }""", true)]
    public void Write_TwoTexts_AreAlikeOrNot(string one, string other, bool alike) => Assert.Equal(alike, Canonical(one) == Canonical(other));

    [Fact]
    public void Write_ShuffledAndSpaced_StaysTheSame_AnyOtherChangeDoesNot()
    {
        var random = new Random(20260721);
        for (var run = 0; run < 2000; run++)
        {
            var tree = Tree(random, depth: 0);
            var canonical = Canonical(Text(tree, random: null));

            Assert.Equal(canonical, Canonical(Text(tree, random)));
            Change(tree, random);
            Assert.NotEqual(canonical, Canonical(Text(tree, random)));
        }
    }

    private static string Canonical(string json)
    {
        using var text = new PooledBytes(0);
        CanonicalJson.Write(Encoding.UTF8.GetBytes(json), text);
        return Encoding.UTF8.GetString(text.Span);
    }

    /// <summary>A list is an array, a list of pairs an object, a text a value.</summary>
    private static object Tree(Random random, int depth) => (depth == 0 ? 1 : random.Next(depth > 4 ? 1 : 3)) switch
    {
        0 => Leaf(random),
        1 => Enumerable.Range(0, random.Next(1, 5)).Select(i => ($"k{i}", Tree(random, depth + 1))).ToList(),
        _ => Enumerable.Range(0, random.Next(1, 4)).Select(_ => Tree(random, depth + 1)).ToList(),
    };

    private static string Leaf(Random random) => random.Next(4) switch
    {
        0 => $"{random.Next(-1000, 1000)}",
        1 => random.Next(2) == 0 ? "true" : "null",
        2 => $"\"{new string('x', random.Next(80))} {random.Next(50)}\"",
        _ => $"{random.Next(100)}.{random.Next(1, 9)}",
    };

    private static string Text(object tree, Random? random)
    {
        string Space() => random is null || random.Next(3) > 0 ? "" : random.Next(2) == 0 ? " " : "\n\t";
        switch (tree)
        {
            case List<(string Key, object Value)> members:
                (string Key, object Value)[] shuffled = [.. members];
                random?.Shuffle(shuffled);
                return $"{{{Space()}{string.Join($"{Space()},", shuffled.Select(m => $"{Space()}\"{m.Key}\"{Space()}:{Space()}{Text(m.Value, random)}"))}{Space()}}}";
            case List<object> items:
                return $"[{Space()}{string.Join($"{Space()},", items.Select(item => Text(item, random)))}{Space()}]";
            default:
                return (string)tree;
        }
    }

    /// <summary>Adds a member or an item, at the top.</summary>
    private static void Change(object tree, Random random)
    {
        if (tree is List<(string, object)> members)
        {
            members.Add(("new", Leaf(random)));
        }
        else
        {
            ((List<object>)tree).Add(Leaf(random));
        }
    }
}
