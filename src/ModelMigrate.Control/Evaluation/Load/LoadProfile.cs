using ModelMigrate.Core.Evaluation.Load;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>A load that has a name. Its users are what is written; as an open load each user stands for one request a second, whatever becomes of it.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Users">As a closed load.</param>
public sealed record LoadProfile(string Name, LoadUsers Users)
{
    public static IReadOnlyList<LoadProfile> All { get; } =
    [
        new("users-10", new LoadUsers(10, TimeSpan.FromSeconds(30), RequestsEach: 100, Duration: null)),
        new("users-50", new LoadUsers(50, TimeSpan.FromSeconds(5), RequestsEach: null, TimeSpan.FromMinutes(5))),
    ];

    /// <summary>The same load with arrivals that do not wait for answers.</summary>
    public LoadShape Open => new() { Rate = Users.Users, RampUp = Users.RampUp, Duration = Users.Duration, Requests = Users.RequestsEach * Users.Users };
}
