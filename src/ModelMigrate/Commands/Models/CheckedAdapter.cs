using ModelMigrate.Core.Catalog.Bundled;

namespace ModelMigrate.Commands.Models;

/// <summary>What one adapter was held against.</summary>
/// <param name="Name">Its <c>kind</c>.</param>
/// <param name="Protocol">Which protocol it speaks.</param>
/// <param name="VerifiedAgainst">Each witness, with the test that holds it.</param>
/// <param name="OnlyOwnStub">Whether nobody but ourselves says that it is right.</param>
/// <param name="Sources">Where its documentation stands.</param>
internal sealed record CheckedAdapter(
    string Name, string Protocol, IReadOnlyList<Verification> VerifiedAgainst, bool OnlyOwnStub, IReadOnlyList<string> Sources);
