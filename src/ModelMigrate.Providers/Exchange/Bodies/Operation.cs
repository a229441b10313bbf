namespace ModelMigrate.Providers.Exchange.Bodies;

/// <summary>What a request asks of a model. Every provider can chat; each of the others is an address of the OpenAI protocol.</summary>
public enum Operation
{
    /// <summary>Chat completions or messages.</summary>
    Chat,

    /// <summary>Goes on with a text: the OpenAI protocol's legacy completions.</summary>
    Completion,

    /// <summary>Makes vectors of texts.</summary>
    Embedding,

    /// <summary>Writes down what is said in a recording.</summary>
    Transcription,

    /// <summary>Writes down in English what is said in a recording.</summary>
    Translation,

    /// <summary>Chat in the responses protocol, whose provider may keep the conversation.</summary>
    Responses,
}
