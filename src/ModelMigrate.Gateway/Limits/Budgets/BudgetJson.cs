using System.Text.Json.Serialization;

namespace ModelMigrate.Gateway.Limits.Budgets;

/// <summary>How the budgets' file is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BudgetEntry))]
internal sealed partial class BudgetJson : JsonSerializerContext;
