namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>Tests with a rig each, whose models and folder end with it.</summary>
public abstract class ComparisonTests : IAsyncLifetime
{
    private protected ComparisonRig Rig { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Rig.EndAsync();
}
