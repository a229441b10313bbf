namespace ModelMigrate.Tests.EndToEnd.Clients;

/// <summary>One feature of one client, tried on one upstream.</summary>
/// <param name="Client">The client's name, as the table has it.</param>
/// <param name="Route">The upstream's name, which is its route's.</param>
/// <param name="Feature">One of <see cref="ClientTable.Features"/>.</param>
/// <param name="Has">Whether the client has such a call at all.</param>
/// <param name="Problem">What went wrong; null for nothing.</param>
internal sealed record ClientCell(string Client, string Route, string Feature, bool Has, string? Problem);
