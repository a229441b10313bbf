using ModelMigrate.Core.Suites.Contracts;

namespace ModelMigrate.Core.Suites;

/// <summary>A request to a server, and what its answer must be.</summary>
public sealed record ContractCase : SuiteCase
{
    public required ContractRequest Request { get; init; }

    public required ContractExpectation Expects { get; init; }
}
