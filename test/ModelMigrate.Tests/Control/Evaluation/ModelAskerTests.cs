using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation;

public sealed class ModelAskerTests
{
    private static readonly ChatRequest s_request = new() { Turns = [new ChatTurn(ChatRole.User, "Hello")] };

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Ask_ThrottledWithRetryAfter_WaitsThatLongAndCountsIt()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{\"error\":{\"message\":\"slow\"}}", 429, ("Retry-After", "7")));
        using var connections = new ProviderConnections(_clock);
        var began = _clock.GetUtcNow();
        var asking = Asker(upstream, connections).AskAsync(s_request, row: 0, default);
        await Waiting.UntilAsync(() => _clock.NextDelay == began.AddSeconds(7));
        upstream.Answers = StubUpstream.Json(ChatSamples.Answer);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(asking.IsCompleted);
        Assert.Single(upstream.Requests);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var answer = await asking;

        Assert.Equal(("Hi there", null, 2, "throttled:1", 7L, 3L), (answer.Text, answer.Error, answer.Tries, answer.Retries, answer.InputTokens!.Value, answer.OutputTokens!.Value));
    }

    [Theory]
    [InlineData(503, "provider", 4)]
    [InlineData(400, "request", 1)]
    [InlineData(401, "configuration", 1)]
    public async Task Ask_ThatNeverSucceeds_TriesWhatMayPassAgain(int status, string kind, int tries)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{\"error\":{\"message\":\"no\"}}", status));
        using var connections = new ProviderConnections(_clock);
        var asking = Asker(upstream, connections).AskAsync(s_request, row: 0, default);
        while (!asking.IsCompleted)
        {
            // Only waits between tries are passed over: real I/O takes no time of this clock.
            if (_clock.NextDelay is { } due)
            {
                _clock.Advance(due - _clock.GetUtcNow());
            }

            await Task.Yield();
        }

        var answer = await asking;

        Assert.Equal((kind, tries, tries, tries == 1 ? null : "provider:3"), (answer.Error, answer.Tries, upstream.Requests.Count, answer.Retries));
        Assert.Null(answer.Text);
    }

    [Fact]
    public async Task Ask_NoAnswerInTime_IsATimeout()
    {
        await using var upstream = await StubUpstream.StartAsync(async (context, _) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var connections = new ProviderConnections(_clock);
        var asking = new ModelAsker(Snapshots.Model(url: new Uri(upstream.Url, "/v1").ToString()), connections, new RunOptions { Retries = 0, Timeout = TimeSpan.FromSeconds(30) }, _clock)
            .AskAsync(s_request, row: 0, default);
        await Waiting.UntilAsync(() => upstream.Requests.Count == 1);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(("timeout", "No answer within 30 s."), ((await asking).Error, (await asking).Message));
    }

    private ModelAsker Asker(StubUpstream upstream, ProviderConnections connections) =>
        new(Snapshots.Model(url: new Uri(upstream.Url, "/v1").ToString()), connections, new RunOptions(), _clock);
}
