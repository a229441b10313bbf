using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>An expression that was read: its value for one rendering, of kind undefined where JavaScript's is.</summary>
internal delegate JsonElement TemplateTerm(TemplateRun run);
