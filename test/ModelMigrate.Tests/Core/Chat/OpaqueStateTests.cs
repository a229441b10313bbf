using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Tests.Core.Chat;

/// <summary>State goes through a client and comes back as it was, with its origin.</summary>
public sealed class OpaqueStateTests
{
    [Theory]
    [InlineData("EqQBCkgIARABGAI=", "openai")]
    [InlineData("header.payload.sum", "openai")]
    [InlineData("EqQBCkgIARABGAI=", "eu.azure.example")]
    [InlineData("header.payload.sum", "eu.azure.example")]
    public void Read_WhatWasTagged_IsTheSame(string data, string provider)
    {
        var state = new OpaqueState(data, OpaqueState.At("gpt", provider));

        Assert.Equal(state, OpaqueState.Read(state.Tagged));
    }
}
