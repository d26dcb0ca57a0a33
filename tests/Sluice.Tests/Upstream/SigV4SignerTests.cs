using System.Text;
using Sluice.Upstream;

namespace Sluice.Tests.Upstream;

/// <summary>AWS's published test vectors of Signature Version 4 (aws-sig-v4-test-suite): keys, date and signatures are theirs.</summary>
public sealed class SigV4SignerTests
{
    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Sign_PublishedVector_GivesItsSignature(string method, string path, string signature)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), "https://example.amazonaws.com" + path);
        var signer = new SigV4Signer("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1", "service");

        signer.Sign(message, default, new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));

        message.Headers.GetValues("X-Amz-Date").ShouldBe(["20150830T123600Z"]);
        message.Headers.NonValidated["Authorization"].ToString()
            .ShouldBe($"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}");
    }

    [Fact]
    public void Sign_TemporaryCredentials_SignsTheSessionToken()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "https://bedrock-runtime.eu-central-1.amazonaws.com/model/a%3A0/converse");
        var signer = new SigV4Signer("AKIDEXAMPLE", "secret", "session", "eu-central-1", "bedrock");

        signer.Sign(message, Encoding.UTF8.GetBytes("{}"), new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

        message.Headers.GetValues("X-Amz-Security-Token").ShouldBe(["session"]);
        message.Headers.NonValidated["Authorization"].ToString().ShouldContain("SignedHeaders=host;x-amz-date;x-amz-security-token,");
    }
}
