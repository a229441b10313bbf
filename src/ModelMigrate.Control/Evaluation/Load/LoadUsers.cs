namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>A closed load: so many users, each of whom asks again when the answer is there.</summary>
/// <param name="Users">How many.</param>
/// <param name="RampUp">They begin evenly over this time.</param>
/// <param name="RequestsEach">Then a user is done; null for no end but the duration.</param>
/// <param name="Duration">Nobody asks again after it; null for no end but the requests.</param>
public sealed record LoadUsers(int Users, TimeSpan RampUp, int? RequestsEach, TimeSpan? Duration);
