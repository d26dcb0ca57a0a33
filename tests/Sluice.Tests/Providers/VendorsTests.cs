using Sluice.Configuration;
using Sluice.Formats;
using Sluice.Providers;
using Sluice.Wire;

namespace Sluice.Tests.Providers;

public sealed class VendorsTests
{
    [Fact]
    public void Find_EveryPromisedType_HasAnEntry()
    {
        string[] types =
        [
            "openai", "openai-responses", "azure", "anthropic", "gemini", "vertex", "ollama", "vllm", "groq", "mistral", "cohere", "openrouter",
            "deepseek", "xai", "together", "fireworks", "perplexity", "cerebras", "deepinfra", "voyage", "bedrock", "openai-compatible", "anthropic-compatible",
        ];

        types.Where(t => Vendors.Find(t) is null).ShouldBeEmpty();
        Vendors.All.Select(v => v.Id).ShouldBeUnique();
        Vendors.Find("OpenAI").ShouldBe(Vendors.Get("openai"));
        Vendors.Find("nobody").ShouldBeNull();
    }

    [Fact]
    public void All_EveryEntry_IsWhole()
    {
        foreach (var vendor in Vendors.All)
        {
            vendor.Formats.ContainsKey(vendor.PrimaryFormat).ShouldBeTrue(vendor.Id);
            vendor.Formats.Keys.Concat(vendor.VersionedFormats.Keys).Where(f => WireFormats.Find(f) is null).ShouldBeEmpty(vendor.Id);
            vendor.Guidance.ShouldNotBeNullOrWhiteSpace();
            vendor.KeyVariables.ShouldAllBe(v => vendor.Guidance.Contains(v) || vendor.KeyOptional || vendor.Id == "vertex" || vendor.Id == "bedrock");
            (vendor.Auth.Name is not null).ShouldBe(vendor.Auth.Scheme is VendorAuthScheme.Header or VendorAuthScheme.Query, vendor.Id);
            if (vendor.BaseUrl is not null) new ProviderAddress(vendor, null).Of(vendor.PrimaryFormat, "m").IsAbsoluteUri.ShouldBeTrue();
        }
    }

    [Fact]
    public void NativeFormats_OwnAddress_GivesAllThePrimaryFirst() =>
        Vendors.Get("openai").NativeFormats(ownBaseUrl: true, [])
            .ShouldBe([WireFormatId.OpenAIChat, WireFormatId.OpenAIResponses, WireFormatId.OpenAICompletions, WireFormatId.OpenAIEmbeddings, WireFormatId.OpenAIInputTokens]);

    [Fact]
    public void NativeFormats_ForeignAddress_PromisesThePrimaryChatFormatAndSideFormats() =>
        Vendors.Get("openai").NativeFormats(ownBaseUrl: false, []).ShouldBe([WireFormatId.OpenAIChat, WireFormatId.OpenAIEmbeddings]);

    [Fact]
    public void NativeFormats_Configured_AreAdded() =>
        Vendors.Get("openai-compatible").NativeFormats(ownBaseUrl: false, [WireFormatId.OpenAIResponses, WireFormatId.AnthropicMessages, new("unheard-of")])
            .ShouldBe([WireFormatId.OpenAIChat, WireFormatId.OpenAIResponses, WireFormatId.AnthropicMessages, WireFormatId.OpenAIEmbeddings]);

    [Fact]
    public void PathOf_FormatThatTheEntryLacks_IsTheUsualOne() =>
        new ProviderAddress(Vendors.Get("openai-compatible"), new Uri("http://h/v1")).Of(WireFormatId.AnthropicMessages, "m").AbsoluteUri.ShouldBe("http://h/v1/messages");

    [Fact]
    public void Of_Configuration_TakesItsVariables()
    {
        var provider = new ProviderConfig { Name = "b", Type = "bedrock", Aws = new AwsConfig { Region = "eu-central-1" } };

        ProviderAddress.Of(Vendors.Get("bedrock"), provider).Of(WireFormatId.BedrockConverse, "m").Host.ShouldBe("bedrock-runtime.eu-central-1.amazonaws.com");
    }
}
