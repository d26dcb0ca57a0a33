using System.Text;
using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.Tests.Shared;

public sealed class SharedHelpersTests
{
    [Theory]
    [InlineData("data:image/png;base64,AAAA", "image/png", "AAAA")]
    [InlineData("DATA:image/png;BASE64,AAAA", "image/png", "AAAA")]
    [InlineData("data:;base64,AAAA", "text/other", "AAAA")]
    [InlineData("data:image/png;base64,AA%2B%2F%3D", "image/png", "AA+/=")]
    [InlineData("data:audio/pcm;rate=24000;base64,AAAA", "audio/pcm;rate=24000", "AAAA")]
    [InlineData("data:text/plain,a%20b%FFc", "text/plain", "YSBi/2M=")]
    [InlineData("data:,%", "text/other", "JQ==")]
    public void DataUrlToSource_OfADataUrl_IsInlineMedia(string url, string mediaType, string base64)
    {
        DataUrl.ToSource(url, "text/other").ShouldBe(new InlineMedia(base64) { MediaType = mediaType });
    }

    [Theory]
    [InlineData("https://example.org/a.png")]
    [InlineData("data:no comma")]
    [InlineData("")]
    public void DataUrlToSource_OfAnotherUrl_IsAnAddress(string url) => DataUrl.ToSource(url).ShouldBe(new UrlMedia(url));

    [Fact]
    public void DataUrlFrom_OfInlineMedia_IsReadBackAsItWas()
    {
        var media = new InlineMedia("AAAA") { MediaType = "application/pdf" };

        DataUrl.ToSource(DataUrl.From(media)).ShouldBe(media);
        DataUrl.From(new InlineMedia("AAAA"), "image/jpeg").ShouldBe("data:image/jpeg;base64,AAAA");
    }

    [Theory]
    [InlineData("anthropic", "EqQBCgIYAg==")]
    [InlineData("gemini", "a:b:c")]
    [InlineData("openai", "")]
    [InlineData("openrouter", "ä💧")]
    public void SignatureEnvelope_ThroughAForeignField_BringsOwnerAndPayloadBack(string family, string value)
    {
        var signature = new Signature(value, family);
        string carried = SignatureEnvelope.Write(signature, "bedrock");

        Convert.TryFromBase64String(carried, new byte[carried.Length], out _).ShouldBeTrue();
        SignatureEnvelope.Read(carried, "bedrock").ShouldBe(signature);
    }

    [Fact]
    public void SignatureEnvelope_ForItsOwnFamily_IsThePayloadItself()
    {
        SignatureEnvelope.Write(new Signature("sig", "anthropic"), "anthropic").ShouldBe("sig");
        SignatureEnvelope.Read("sig", "anthropic").ShouldBe(new Signature("sig", "anthropic"));
    }

    [Fact]
    public void SignatureEnvelope_OfAVeryLongPayload_IsReadBack()
    {
        var signature = new Signature(new string('x', 139_340), "gemini");

        SignatureEnvelope.Read(SignatureEnvelope.Write(signature, "anthropic"), "anthropic").ShouldBe(signature);
    }

    [Theory]
    [InlineData("c2x1aWNlLnYx")]
    [InlineData("c2x1aWNlLnYx!!!")]
    [InlineData("c2x1aWNlLnYyOmE6Yg==")]
    public void SignatureEnvelope_OfWhatOnlyLooksLikeOne_IsAPayloadOfTheField(string value)
    {
        SignatureEnvelope.Read(value, "anthropic").ShouldBe(new Signature(value, "anthropic"));
    }

    [Fact]
    public void SignatureEnvelope_OfBase64ThatHoldsAnEnvelopeWithoutOwner_IsAPayloadOfTheField()
    {
        string value = Convert.ToBase64String(Encoding.UTF8.GetBytes("sluice.v1:nothing more"));

        SignatureEnvelope.Read(value, "anthropic").ShouldBe(new Signature(value, "anthropic"));
    }

    [Fact]
    public void ToolCallIds_Fit_KeepsWhatFitsAndMapsTheRestByItsValueAlone()
    {
        ToolCallIds.Fit("toolu_01-A").ShouldBe("toolu_01-A");
        foreach (string odd in new[] { "", "with space", "functions.get:0", new string('a', 65), "ä" })
        {
            string fitted = ToolCallIds.Fit(odd);
            fitted.ShouldMatch("^[a-zA-Z0-9_-]{1,64}$");
            ToolCallIds.Fit(odd).ShouldBe(fitted);
            ToolCallIds.Fit(fitted).ShouldBe(fitted);
        }
        ToolCallIds.Fit("a b").ShouldNotBe(ToolCallIds.Fit("a c"));
        ToolCallIds.Fit(new string('a', 41), 40).Length.ShouldBeLessThanOrEqualTo(40);
    }

    [Fact]
    public void ToolCallIds_Nine_AreNineLettersAndDigits()
    {
        ToolCallIds.Nine("abcDEF123").ShouldBe("abcDEF123");
        ToolCallIds.Nine("call_1").ShouldMatch("^[a-zA-Z0-9]{9}$");
        ToolCallIds.Nine("call_1").ShouldBe(ToolCallIds.Nine("call_1"));
        ToolCallIds.Nine("call_1").ShouldNotBe(ToolCallIds.Nine("call_2"));
    }

    [Theory]
    [InlineData("iVBORw0KGgoAAAA", "image/png")]
    [InlineData("/9j/4AAQ", "image/jpeg")]
    [InlineData("R0lGODlh", "image/gif")]
    [InlineData("UklGRiQAAABXRUJQ", "image/webp")]
    [InlineData("AAAA", null)]
    public void ImageTypesSniff_OfThePictureItself_FindsItsType(string base64, string? expected) => ImageTypes.Sniff(base64).ShouldBe(expected);
}
