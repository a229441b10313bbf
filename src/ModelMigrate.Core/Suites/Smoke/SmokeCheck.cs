using ModelMigrate.Core.Chat;

namespace ModelMigrate.Core.Suites.Smoke;

/// <summary>One question of the smoke suite, whose answer is judged by a rule and by nobody's taste.</summary>
/// <param name="Id">As <c>without</c> and results name it.</param>
/// <param name="Why">What an application could not do if it failed; one sentence.</param>
/// <param name="Tags">For <c>--tag</c>.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Fault">What is wrong with the answer, in words, or null.</param>
public sealed record SmokeCheck(string Id, string Why, IReadOnlyList<string> Tags, ChatRequest Request, Func<SmokeAnswer, string?> Fault)
{
    public SmokeAsk Ask { get; init; }
}
