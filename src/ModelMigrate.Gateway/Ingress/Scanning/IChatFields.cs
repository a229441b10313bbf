using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>The fields of a request that a model serves.</summary>
internal interface IChatFields : IBodyFields
{
    /// <summary>What was found in a body that is right.</summary>
    ChatBody Result(in BodyScan scan);
}
