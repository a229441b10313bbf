using System.Text;
using ModelMigrate.Providers.Sse;

namespace ModelMigrate.Tests.Providers;

public sealed class SseBufferTests
{
    [Theory]
    [InlineData("data: {}")]
    [InlineData("data: {}\n")]
    [InlineData("data: {}\r")]
    [InlineData("data:")]
    public void TryRead_LastEventWithoutItsBlankLine_IsHeldWithOne(string last)
    {
        using var buffer = new SseBuffer();
        var bytes = Encoding.UTF8.GetBytes("data: 1\n\n" + last);
        bytes.CopyTo(buffer.Free());
        buffer.Advance(bytes.Length);
        Assert.True(buffer.TryRead());
        Assert.True(buffer.TryRead(atEnd: true));
        Assert.False(buffer.TryRead(atEnd: true));
        var held = Encoding.UTF8.GetString(buffer.Held.Span);
        Assert.EndsWith("\n\n", held, StringComparison.Ordinal);
        Assert.StartsWith("data: 1\n\n" + last, held, StringComparison.Ordinal);
    }
}
