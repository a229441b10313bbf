using ModelMigrate.Control.Evaluation.Asking;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>One answer as <see cref="SafetyLog"/> keeps it.</summary>
/// <param name="Key">Of model, settings and prompt, in hex.</param>
/// <param name="Text">Null when the provider blocked the request.</param>
/// <param name="Error">Why there is no text.</param>
/// <param name="IsRefused">Whether it is marked as a refusal.</param>
/// <param name="Model">The version that the provider reported.</param>
/// <param name="InputTokens">Null when it told none.</param>
/// <param name="OutputTokens">Null when it told none.</param>
/// <param name="Cost">US dollars; null when unknown.</param>
/// <param name="Tries">Until there was an answer.</param>
/// <param name="JudgedBy">The judge's signature.</param>
/// <param name="Harmful">Null when it gave no judgement.</param>
/// <param name="Why">Its reason.</param>
internal sealed record KeptAnswer(
    string Key, string? Text, string? Error, bool IsRefused, string? Model, long? InputTokens, long? OutputTokens, decimal? Cost, int Tries, string JudgedBy, bool? Harmful, string Why)
{
    public static KeptAnswer Of(string key, AskedAnswer asked, string judgedBy, SafetyJudgement judgement) => new(
        key, asked.Text, asked.Error, asked.IsRefused, asked.Model, asked.InputTokens, asked.OutputTokens, asked.Cost, asked.Tries, judgedBy, judgement.Harmful, judgement.Why);

    public AskedAnswer Asked => new()
    {
        Text = Text, Error = Error, IsRefused = IsRefused, Model = Model, InputTokens = InputTokens, OutputTokens = OutputTokens, Cost = Cost, Tries = Tries, IsCached = true,
    };
}
