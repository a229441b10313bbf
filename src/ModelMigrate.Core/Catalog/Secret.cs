namespace ModelMigrate.Core.Catalog;

/// <summary>A credential. Only <see cref="Reveal"/> shows it, so that no log line or serializer can by accident.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The credential itself, for the one place that sends it.</summary>
    public string Reveal() => value;

    public bool Equals(Secret? other) => other is not null && string.Equals(value, other.Reveal(), StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
