using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Providers.Exchange.Bodies;

/// <summary>Whether a model can be sent a request, and whether as the bytes that it came as.</summary>
internal static class Carrying
{
    /// <summary>Whether a model can be asked at all: its protocol is the client's, or every field has a word in the neutral language.</summary>
    public static bool CanCarry(ChatBody body, ModelSnapshot model) => body.ObstacleAt(model) is null;

    /// <summary>The same, and pictures go only where they are seen, recordings only where they are written down as asked, as far as the catalog knows.</summary>
    public static bool CanCarry(ChatBody body, RouteSnapshot route, ModelSnapshot model) =>
        CanCarry(body, model) && (!body.HasImages || body.IsSeenBy(model, route.KnowsImages)) && body.IsWrittenBy(model) && !body.IsStuck(model, route.Source);

    /// <summary>Whether an endpoint can be shown the request's pictures: it is known to see, or none of the model's is.</summary>
    public static bool TakesImages(ChatBody body, ModelSnapshot model, ModelSnapshot endpoint) => !body.HasImages || endpoint.TakesImages || !model.TakesImages;

    /// <summary>Whether a model's provider takes the body as it is.</summary>
    public static bool Speaks(ChatBody body, ModelSnapshot model) => body.IsSpokenAt(model);

    /// <summary>
    /// Whether bytes may pass as they are. State of other models in the request has to be taken out, be it tagged or from the time when
    /// the source served alone; and where models of several families may answer a conversation in turn, each answer's state has to be
    /// tagged with its origin on the way.
    /// </summary>
    public static bool PassesAsBytes(ChatBody body, ModelSnapshot model, RouteSnapshot route) =>
        Speaks(body, model) && (body.Previous is not null || body.Choices > 1
            || (!body.HoldsState && !body.HoldsForeign(model, route.Source) && !(body.AsksThinking && body.IsMixedOn(route))));
}
