namespace ModelMigrate.Simulation;

/// <summary>Which protocol a simulated provider speaks.</summary>
internal enum SimulationProtocol
{
    /// <summary><c>POST /v1/chat/completions</c>.</summary>
    OpenAi,

    /// <summary><c>POST /v1/messages</c>.</summary>
    Anthropic,
}
