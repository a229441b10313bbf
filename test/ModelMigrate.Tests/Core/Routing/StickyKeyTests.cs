using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Tests.Core.Routing;

public sealed class StickyKeyTests
{
    [Theory]
    [InlineData("You help. Today is 2026-11-20 09:15.", "You help. Today is #-#-# #:#.")]
    [InlineData("It is Friday, 20 November 2026", "It is #, # # #")]
    [InlineData("Fri 20 Nov", "# # #")]
    [InlineData("May I march on?", "# I # on?")]
    [InlineData("request 3F2504E0-4F89-41D3-9A0C-0305E82C3301!", "request #!")]
    [InlineData("marching monks, octopus", "marching monks, octopus")]
    [InlineData("gpt4 x86_64", "gpt# x#_#")]
    [InlineData("", "")]
    public void WriteConversation_Volatile_Masked(string text, string expected)
    {
        Assert.Equal(expected + "\0", Write(text, ""));
        Assert.Equal("\0" + expected, Write("", text));
    }

    [Fact]
    public void WriteConversation_SystemAndUserSwapped_OtherKey() => Assert.NotEqual(Write("ab", "c"), Write("a", "bc"));

    [Fact]
    public void WriteConversation_AnyText_WithinLimitAndRepeatable() =>
        Prop.ForAll<byte[], byte[]>((system, user) =>
        {
            var first = new byte[StickyKey.MaxLength];
            var second = new byte[StickyKey.MaxLength];
            var length = StickyKey.WriteConversation(system, user, first);
            return length <= StickyKey.MaxLength && length == StickyKey.WriteConversation(system, user, second) && first.AsSpan().SequenceEqual(second);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void WriteConversation_Long_CutAtLimit()
    {
        var into = new byte[StickyKey.MaxLength];
        Assert.Equal(StickyKey.MaxLength, StickyKey.WriteConversation(new byte[10_000], new byte[10_000], into));
        Assert.Equal(StickyKey.MaxLength, StickyKey.OfUser(new byte[10_000]).Length);
    }

    private static string Write(string system, string user)
    {
        var into = new byte[StickyKey.MaxLength];
        var length = StickyKey.WriteConversation(Encoding.UTF8.GetBytes(system), Encoding.UTF8.GetBytes(user), into);
        return Encoding.UTF8.GetString(into, 0, length);
    }
}
