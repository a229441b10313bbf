using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Suites;

namespace ModelMigrate.Control.Evaluation.Suites;

/// <summary>Whom suites ask. What no case asks is null.</summary>
public sealed record SuiteTargets
{
    /// <summary>The model under test.</summary>
    public ModelSnapshot? Model { get; init; }

    /// <summary>The model that users have, for parity.</summary>
    public ModelSnapshot? Source { get; init; }

    /// <summary>The server whose contract is tested.</summary>
    public Uri? Url { get; init; }

    /// <summary>What paths in the file of suites are relative to.</summary>
    public required string Folder { get; init; }

    public static bool NeedsModel(SuiteCase each) => each is PromptCase or SmokeCase or ParityCase;

    public static bool NeedsSource(SuiteCase each) => each is ParityCase;

    public static bool NeedsUrl(SuiteCase each) => each is ContractCase;
}
