using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class ConfigurationOverrideTests
{
    [Theory]
    [InlineData("server.listen=127.0.0.1:1", "server|listen", "127.0.0.1:1")]
    [InlineData("a=b=c.d", "a", "b=c.d")]
    [InlineData("models.\"gpt-5.4\".strategy=weighted", "models|gpt-5.4|strategy", "weighted")]
    [InlineData("models.\"a=b\"=x/y", "models|a=b", "x/y")]
    [InlineData("a=", "a", "")]
    public void TryParse_KeyAndValue_AreTakenApart(string text, string path, string value)
    {
        ConfigurationOverride.TryParse(text, "--set", out var result).ShouldBeTrue();
        string.Join('|', result!.Path).ShouldBe(path);
        result.Value.ShouldBe(value);
        result.Flag.ShouldStartWith("--set ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("=b")]
    [InlineData("a..b=c")]
    [InlineData("\"a=b")]
    public void TryParse_SomethingElse_IsRefused(string text) => ConfigurationOverride.TryParse(text, "--set", out _).ShouldBeFalse();
}
