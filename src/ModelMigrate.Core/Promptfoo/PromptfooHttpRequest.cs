namespace ModelMigrate.Core.Promptfoo;

/// <summary>What is sent to an address.</summary>
/// <param name="Method">For example <c>POST</c>.</param>
/// <param name="Url">With its query.</param>
/// <param name="Headers">As written.</param>
/// <param name="Body">Null for none.</param>
/// <param name="IsJson">Whether the body is JSON, which is said when the headers do not.</param>
public sealed record PromptfooHttpRequest(string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string? Body, bool IsJson);
