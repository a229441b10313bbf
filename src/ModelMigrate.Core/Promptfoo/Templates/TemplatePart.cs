namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>A text, a place or a statement that was read: writes what it makes.</summary>
internal delegate void TemplatePart(TemplateRun run);
