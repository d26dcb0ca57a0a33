using System.Globalization;
using System.Text.Json;
using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class SecretTests
{
    private const string Value = "sk-planted";
    private readonly Secret secret = new(Value);

    [Fact]
    public void ToString_InEveryWayOfFormatting_IsMasked()
    {
        secret.ToString().ShouldBe("***");
        $"{secret}".ShouldBe("***");
        string.Format(CultureInfo.InvariantCulture, "{0}", secret).ShouldBe("***");
        JsonSerializer.Serialize(secret).ShouldNotContain(Value);
        new ProviderKeyConfig { Name = "a", Value = secret }.ToString().ShouldNotContain(Value);
        new AwsConfig { SecretAccessKey = secret }.ToString().ShouldNotContain(Value);
    }

    [Fact]
    public void Equals_ByContent_HoldsOnlyForTheSameText()
    {
        secret.Equals(new Secret(Value)).ShouldBeTrue();
        secret.GetHashCode().ShouldBe(new Secret(Value).GetHashCode());
        secret.Equals(new Secret(Value + "x")).ShouldBeFalse();
        secret.Equals(null).ShouldBeFalse();
    }

    [Fact]
    public void Constructor_EmptyText_IsRefused() => Should.Throw<ArgumentException>(() => new Secret(""));
}
