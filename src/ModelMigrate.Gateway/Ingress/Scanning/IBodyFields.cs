using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>What one protocol looks for in a body, beside the fields that all of them have.</summary>
internal interface IBodyFields
{
    /// <summary>The fields that a body must have, in words.</summary>
    static abstract string Least { get; }

    /// <summary>Reads the field whose name the scan stands on, to its end.</summary>
    void ReadField(ref BodyScan scan);

    /// <summary>What the body lacks once all of it was read, or null.</summary>
    RequestProblem? Missing();
}
