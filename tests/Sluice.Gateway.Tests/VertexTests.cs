using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Vertex over HTTP: the access token is fetched with the service account's key, once.</summary>
public sealed class VertexTests : IDisposable
{
    private const string Answer = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}""";
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _rsa.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task Calls_InParallel_FetchOneTokenWithASignedAssertion()
    {
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target == "/token" ? """{"access_token":"ya29.fetched","expires_in":3599,"token_type":"Bearer"}""" : Answer));
        await StartAsync(fake);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fake.ChatAsync("vertex/gemini-2.5-flash")));

        foreach (var answer in answers)
        {
            (await TextAsync(answer)).ShouldContain("Hello");
            answer.Dispose();
        }
        var fetch = fake.Requests.Where(r => r.Target == "/token").ShouldHaveSingleItem();
        fake.Requests.Where(r => r.Target != "/token").ShouldAllBe(r => r.Headers["authorization"] == "Bearer ya29.fetched");
        fake.Requests.Count(r => r.Target == "/v1/projects/p1/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent").ShouldBe(8);
        fetch.Text.ShouldStartWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
        string[] parts = fetch.Text.Split("assertion=")[1].Split('.');
        _rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        claims.GetProperty("iss").GetString().ShouldBe("robot@p1.iam.gserviceaccount.com");
        claims.GetProperty("aud").GetString().ShouldBe($"{fake.Address}/token");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(3600);
    }

    [Fact]
    public async Task Token_ThatIsRefused_IsAnErrorThatNamesTheFileAndNotTheKey()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"error":"invalid_grant","error_description":"Invalid JWT Signature."}""", 400));
        await StartAsync(fake);

        using var answer = await fake.ChatAsync("vertex/gemini-2.5-flash");
        string text = await TextAsync(answer);

        ((int)answer.StatusCode).ShouldBe(401);
        text.ShouldContain(Path.GetFileName(_file));
        text.ShouldContain("invalid_grant");
        text.ShouldNotContain("PRIVATE KEY");
        fake.Requests.ShouldAllBe(r => r.Target == "/token");
    }

    [Theory]
    [InlineData("ya29.given", "authorization", "Bearer ya29.given")]
    [InlineData("AIza-given", "x-goog-api-key", "AIza-given")]
    public async Task ApiKey_OfVertex_TravelsAsItsKindDoes(string key, string header, string value)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await fake.GatewayAsync($$"""providers: { vertex: { base_url: "URL", project: p1, location: europe-west4, api_key: "{{key}}" } }""");

        using var answer = await fake.ChatAsync("vertex/gemini-2.5-flash");

        fake.Requests.ShouldHaveSingleItem().Headers[header].ShouldBe(value);
    }

    private async Task StartAsync(FakeUpstream fake)
    {
        string account = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["type"] = "service_account",
            ["client_email"] = "robot@p1.iam.gserviceaccount.com",
            ["private_key_id"] = "k1",
            ["private_key"] = _rsa.ExportPkcs8PrivateKeyPem(),
            ["token_uri"] = $"{fake.Address}/token",
        });
        await File.WriteAllTextAsync(_file, account, TestContext.Current.CancellationToken);
        await fake.GatewayAsync($$"""providers: { vertex: { base_url: "URL", project: p1, location: europe-west4, credentials_file: "{{_file}}" } }""");
    }
}
