using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Core.Suites.Smoke;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>Asks what the smoke suite asks, over the adapters that carry live requests.</summary>
internal sealed class SmokeProbe(ModelSnapshot model, ProviderConnections connections, TimeProvider time)
{
    private const string NoSuchModel = "model-migrate-no-such-model";

    private readonly IModelClient _client = Adapters.For(model, connections, time);

    public async Task<TryResult> TryAsync(SmokeCheck check, CancellationToken cancel)
    {
        var answer = check.Ask switch
        {
            SmokeAsk.Whole => SmokeAnswer.Of(await _client.CompleteAsync(Call(check, model), cancel)),
            SmokeAsk.NoSuchModel => SmokeAnswer.Of(await _client.CompleteAsync(Call(check, model with { Id = new ModelId(NoSuchModel), Name = NoSuchModel }), cancel)),
            SmokeAsk.Stream => await StreamAsync(check, cancel),
        };
        var isAboutError = check.Ask == SmokeAsk.NoSuchModel;
        return answer.Error is { } error && (!isAboutError || !IsRefusal(error.Kind)) ? Unanswered(error)
            : check.Fault(answer) is { } fault ? TryResult.Failed($"{fault} {check.Why}", answer.Text.Length > 0 ? answer.Text : null)
            : TryResult.Passed(isAboutError ? $"Refused: {answer.Error!.Message}" : check.Why);
    }

    private static ModelCall Call(SmokeCheck check, ModelSnapshot of) => new() { Model = of, Request = check.Request };

    private async Task<SmokeAnswer> StreamAsync(SmokeCheck check, CancellationToken cancel)
    {
        var answer = new SmokeAnswer();
        await foreach (var delta in _client.StreamAsync(Call(check, model), cancel))
        {
            answer = answer.With(delta);
        }

        return answer;
    }

    /// <summary>A request that is refused, or answered out of protocol, speaks of the model and its server; anything else only says that nobody could ask.</summary>
    private static TryResult Unanswered(ChatError error) => error.Kind is ChatErrorKind.Request or ChatErrorKind.Malformed
        ? TryResult.Failed($"{error.Kind switch { ChatErrorKind.Malformed => "The answer is not the protocol", _ => "The request is refused" }}: {error.Message}")
        : TryResult.Broken($"{error.Kind.ToString().ToLowerInvariant()}: {error.Message}");

    private static bool IsRefusal(ChatErrorKind kind) => kind is ChatErrorKind.Request or ChatErrorKind.UnknownModel;
}
