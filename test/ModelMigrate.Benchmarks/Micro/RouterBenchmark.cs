using System.Text;
using BenchmarkDotNet.Attributes;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>What it costs to place one request: a user's key, and an anonymous conversation's.</summary>
[MemoryDiagnoser]
public class RouterBenchmark
{
    private readonly byte[] _user = Encoding.UTF8.GetBytes("customer-4711");
    private readonly byte[] _system = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("You help customers of a shop. Today is 2026-11-20. ", 40)));
    private readonly byte[] _question = Encoding.UTF8.GetBytes("Where is my parcel 3F2504E0-4F89-41D3-9A0C-0305E82C3301?");
    private readonly byte[] _buffer = new byte[StickyKey.MaxLength];

    [Benchmark(Baseline = true)]
    public int UserKey() => Bucketing.Bucket(StickyKey.OfUser(_user), 7);

    [Benchmark]
    public int ConversationKey() => Bucketing.Bucket(_buffer.AsSpan(0, StickyKey.WriteConversation(_system, _question, _buffer)), 7);
}
