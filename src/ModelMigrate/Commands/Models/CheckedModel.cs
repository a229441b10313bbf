using ModelMigrate.Core.Catalog.Bundled;

namespace ModelMigrate.Commands.Models;

/// <summary>How old one bundled entry is.</summary>
/// <param name="Provider">Its preset.</param>
/// <param name="Name">The provider's name of the model.</param>
/// <param name="AsOf">When it was looked up.</param>
/// <param name="AgeDays">How many days ago that was.</param>
/// <param name="Stale">Whether that is too long ago.</param>
/// <param name="Source">Where it was looked up.</param>
/// <param name="Replaced">What the configuration says in its place.</param>
internal sealed record CheckedModel(string Provider, string Name, DateOnly AsOf, int AgeDays, bool Stale, string Source, IReadOnlyList<string> Replaced)
{
    public static CheckedModel Of(BundledModel model, IReadOnlyList<string> replaced, DateOnly today, int days) =>
        new(model.Provider, model.Name, model.AsOf, today.DayNumber - model.AsOf.DayNumber, model.IsStale(today, days), model.Source, replaced);
}
