namespace ModelMigrate.Core.Checks.Schemas;

/// <summary>One place where a document breaks its schema. Holds no value of the document, so that it may be logged.</summary>
/// <param name="InstancePath">JSON pointer into the document, empty for the whole.</param>
/// <param name="SchemaPath">The schema's URI and the JSON pointer of the keyword in it.</param>
/// <param name="Message">What is wrong, for example <c>is a string, must be integer</c>.</param>
public sealed record SchemaError(string InstancePath, string SchemaPath, string Message)
{
    public override string ToString() => $"{(InstancePath.Length == 0 ? "the whole" : InstancePath)}: {Message} ({SchemaPath})";
}
