using System.Text.Json;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Whether a value meets a keyword; what it does not meet is noted with the run.</summary>
internal delegate bool KeywordCheck(JsonElement instance, Evaluation run);
