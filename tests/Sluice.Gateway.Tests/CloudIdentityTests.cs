using System.Security.Cryptography;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Credentials that clouds give to programs, from stubs of the services that give them.</summary>
public sealed class CloudIdentityTests : IDisposable
{
    private const string Bedrock = """providers: { bedrock: { base_url: "URL", region: eu-west-1 } }""";
    private const string BedrockAnswer = """{"output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4}}""";
    private const string Vertex = """providers: { vertex: { base_url: "URL", project: p1, location: europe-west4 } }""";
    private const string VertexAnswer = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}""";
    private const string AzureAnswer = """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";
    private const string Keys = """{"Code":"Success","AccessKeyId":"ASIAROLE","SecretAccessKey":"role-secret-1","Token":"role-token-1","Expiration":"2099-01-01T00:00:00Z"}""";
    private const string RoleXml = """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret-1</SecretAccessKey>
        <SessionToken>role-token-1</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("sluice-identity-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Container_GivesItsRoleOnceForAllCalls()
    {
        string file = Write("pod-token", "pod-token-1\n");
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target == "/creds" ? Keys : BedrockAnswer));
        await fake.GatewayAsync(Bedrock, variables: Variables(("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/creds"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fake.ChatAsync("bedrock/amazon.nova-micro-v1:0")));

        foreach (var answer in answers) (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests.Where(r => r.Target == "/creds").ShouldHaveSingleItem().Headers["authorization"].ShouldBe("pod-token-1");
        AssertSigned(fake);
    }

    [Fact]
    public async Task Instance_GivesItsRoleToWhoHasASession()
    {
        await using var fake = await FakeUpstream.StartAsync(r => r switch
        {
            { Method: "PUT", Target: "/latest/api/token" } when r.Headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600" => Text("session-1"),
            { Target: "/latest/meta-data/iam/security-credentials/" } => Text("my-role\n"),
            { Target: "/latest/meta-data/iam/security-credentials/my-role" } when r.Headers["x-aws-ec2-metadata-token"] == "session-1" => FakeAnswer.Json(Keys),
            _ => FakeAnswer.Json(BedrockAnswer),
        });
        await fake.GatewayAsync(Bedrock, variables: Variables(("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL/")));

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        (await TextAsync(answer)).ShouldContain("Hello");
        AssertSigned(fake);
    }

    [Fact]
    public async Task WebIdentity_TakesTheRoleWithTheTokenOfItsFile()
    {
        string file = Write("web-token", "header.claims.signature");
        await using var fake = await FakeUpstream.StartAsync(r => r.Target == "/sts/" ? Xml(RoleXml) : FakeAnswer.Json(BedrockAnswer));
        await fake.GatewayAsync(Bedrock, variables: Variables(("AWS_WEB_IDENTITY_TOKEN_FILE", file), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"), ("AWS_ENDPOINT_URL_STS", "URL/sts")));

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        (await TextAsync(answer)).ShouldContain("Hello");
        var asked = fake.Requests[0];
        asked.Text.ShouldBe("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=sluice&WebIdentityToken=header.claims.signature");
        asked.Headers.ShouldNotContainKey("authorization");
        AssertSigned(fake);
    }

    [Fact]
    public async Task Profile_WithARole_TakesItWithTheKeysOfItsSource()
    {
        Write(".aws/config", "[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nexternal_id = x1\n[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n");
        await using var fake = await FakeUpstream.StartAsync(r => r.Target == "/sts/" ? Xml(RoleXml) : FakeAnswer.Json(BedrockAnswer));
        await fake.GatewayAsync("""providers: { bedrock: { base_url: "URL", region: eu-west-1, aws: { profile: work } } }""", variables: Variables(("AWS_ENDPOINT_URL_STS", "URL/sts")));

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests[0].Headers["authorization"].ShouldStartWith("AWS4-HMAC-SHA256 Credential=AKIABASE/");
        fake.Requests[0].Headers["authorization"].ShouldContain("/eu-west-1/sts/aws4_request");
        fake.Requests[0].Text.ShouldContain("&ExternalId=x1");
        AssertSigned(fake);
    }

    [Fact]
    public async Task Profile_OfSingleSignOn_RenewsTheSessionAndBuysKeys()
    {
        Write(".aws/config", "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n");
#pragma warning disable CA5350 // the name of the file, by AWS's convention
        string name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("corp")));
#pragma warning restore CA5350
        Write($".aws/sso/cache/{name}.json", """{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"refresh-1","clientId":"c1","clientSecret":"s1"}""");
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target switch
        {
            "/oidc/token" when r.Text.Contains("\"refreshToken\":\"refresh-1\"", StringComparison.Ordinal) => """{"accessToken":"fresh","expiresIn":3600}""",
            "/sso/federation/credentials?role_name=Dev&account_id=123456789012" when r.Headers["x-amz-sso_bearer_token"] == "fresh" => """{"roleCredentials":{"accessKeyId":"ASIAROLE","secretAccessKey":"role-secret-1","sessionToken":"role-token-1","expiration":4070908800000}}""",
            _ => BedrockAnswer,
        }));
        await fake.GatewayAsync("""providers: { bedrock: { base_url: "URL", region: eu-west-1, aws: { profile: default } } }""", variables: Variables(("AWS_ENDPOINT_URL_SSO", "URL/sso"), ("AWS_ENDPOINT_URL_SSO_OIDC", "URL/oidc")));

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        (await TextAsync(answer)).ShouldContain("Hello");
        AssertSigned(fake);
    }

    [Fact]
    public async Task Profile_WithoutASession_SaysHowToLogIn()
    {
        Write(".aws/config", "[profile dev]\nsso_start_url = https://corp.awsapps.com/start\nsso_account_id = 123456789012\nsso_role_name = Dev\n");
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(BedrockAnswer));
        await fake.GatewayAsync("""providers: { bedrock: { base_url: "URL", region: eu-west-1, aws: { profile: dev } } }""", variables: Variables());

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        ((int)answer.StatusCode).ShouldBe(401);
        (await TextAsync(answer)).ShouldContain("single sign-on of the AWS profile 'dev' is missing or has expired");
        fake.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Profile_WithAProcess_RunsIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the command is for a Unix shell");
        string keys = Write("keys.json", Keys.Replace("\"Token\"", "\"SessionToken\"", StringComparison.Ordinal));
        Write(".aws/config", $"[profile tool]\ncredential_process = cat '{keys}'\n");
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(BedrockAnswer));
        await fake.GatewayAsync("""providers: { bedrock: { base_url: "URL", region: eu-west-1, aws: { profile: tool } } }""", variables: Variables());

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        (await TextAsync(answer)).ShouldContain("Hello");
        AssertSigned(fake);
    }

    [Fact]
    public async Task NoRole_IsAnErrorThatTellsWhatWasLookedFor()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}", 404));
        await fake.GatewayAsync(Bedrock, variables: Variables(("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL")));

        using var answer = await fake.ChatAsync("bedrock/amazon.nova-micro-v1:0");

        ((int)answer.StatusCode).ShouldBe(401);
        string text = await TextAsync(answer);
        text.ShouldContain("provider 'bedrock' has no credentials");
        text.ShouldContain("AWS_WEB_IDENTITY_TOKEN_FILE");
        fake.Requests.ShouldAllBe(r => r.Target == "/latest/api/token");
    }

    [Fact]
    public async Task GoogleMachine_GivesItsServiceAccountsToken()
    {
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target switch
        {
            "/computeMetadata/v1/instance/service-accounts/default/token" when r.Headers["metadata-flavor"] == "Google" => """{"access_token":"ya29.machine","expires_in":3599,"token_type":"Bearer"}""",
            _ => VertexAnswer,
        }));
        await fake.GatewayAsync(Vertex, variables: new Dictionary<string, string> { ["GCE_METADATA_HOST"] = fake.Address["http://".Length..] });

        using var answer = await fake.ChatAsync("vertex/gemini-2.5-flash");

        (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests[^1].Headers["authorization"].ShouldBe("Bearer ya29.machine");
    }

    [Theory]
    [InlineData("""{"file":"HOME/oidc"}""")]
    [InlineData("""{"url":"URL/oidc","headers":{"Authorization":"bearer runner"},"format":{"type":"json","subject_token_field_name":"value"}}""")]
    public async Task GoogleWorkloadIdentity_ExchangesTheTokenAndTakesTheServiceAccount(string source)
    {
        Write("oidc", "subject-1\n");
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target switch
        {
            "/oidc" when r.Headers["authorization"] == "bearer runner" => """{"value":"subject-1"}""",
            "/sts" => """{"access_token":"federated-1","expires_in":3599,"token_type":"Bearer"}""",
            "/impersonate" when r.Headers["authorization"] == "Bearer federated-1" => """{"accessToken":"ya29.robot","expireTime":"2099-01-01T00:00:00Z"}""",
            _ => VertexAnswer,
        }));
        string file = Write("wif.json", $$"""
            {"type":"external_account","audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q","subject_token_type":"urn:ietf:params:oauth:token-type:jwt",
            "token_url":"URL/sts","service_account_impersonation_url":"URL/impersonate","credential_source":{{source}} }
            """.Replace("URL", fake.Address, StringComparison.Ordinal).Replace("HOME", _home, StringComparison.Ordinal));
        await fake.GatewayAsync($$"""providers: { vertex: { base_url: "URL", project: p1, location: europe-west4, credentials_file: "{{file}}" } }""");

        using var answer = await fake.ChatAsync("vertex/gemini-2.5-flash");

        (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests[^1].Headers["authorization"].ShouldBe("Bearer ya29.robot");
        string exchange = fake.Requests.Single(r => r.Target == "/sts").Text;
        exchange.ShouldContain("subject_token=subject-1");
        exchange.ShouldContain("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange");
    }

    [Theory]
    [InlineData("AZURE_CLIENT_SECRET", "client-secret-1", "client_secret=client-secret-1")]
    [InlineData("AZURE_FEDERATED_TOKEN_FILE", "HOME/federated", "client_assertion=federated.token")]
    public async Task Entra_OfATenant_GivesABearerToken(string variable, string value, string proof)
    {
        Write("federated", "federated.token\n");
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target == "/login/t1/oauth2/v2.0/token" ? """{"token_type":"Bearer","expires_in":3599,"access_token":"entra-1"}""" : AzureAnswer));
        await fake.GatewayAsync(
            """providers: { azure: { base_url: "URL", auth: entra } }""",
            variables: Variables(("AZURE_TENANT_ID", "t1"), ("AZURE_CLIENT_ID", "c1"), ("AZURE_AUTHORITY_HOST", "URL/login/"), (variable, value.Replace("HOME", _home, StringComparison.Ordinal))));

        using var answer = await fake.ChatAsync("azure/gpt-4o");

        (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests[0].Text.ShouldContain(proof);
        fake.Requests[0].Text.ShouldContain("scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
        fake.Requests[^1].Headers["authorization"].ShouldBe("Bearer entra-1");
        fake.Requests[^1].Headers.ShouldNotContainKey("api-key");
    }

    [Fact]
    public async Task Entra_ManagedIdentityOfAService_IsAskedWithItsHeader()
    {
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target.StartsWith("/msi", StringComparison.Ordinal) && r.Headers["x-identity-header"] == "header-1" ? """{"access_token":"entra-2","expires_on":"4070908800"}""" : AzureAnswer));
        await fake.GatewayAsync("""providers: { azure: { base_url: "URL", entra: { client_id: c1 } } }""", variables: Variables(("IDENTITY_ENDPOINT", "URL/msi/token"), ("IDENTITY_HEADER", "header-1")));

        using var answer = await fake.ChatAsync("azure/gpt-4o");

        (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests[0].Target.ShouldBe("/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=c1");
        fake.Requests[^1].Headers["authorization"].ShouldBe("Bearer entra-2");
    }

    [Fact]
    public async Task Entra_ManagedIdentityOfAMachine_IsAskedAtTheMetadataService()
    {
        await using var fake = await FakeUpstream.StartAsync(r => FakeAnswer.Json(r.Target.StartsWith("/metadata/identity", StringComparison.Ordinal) && r.Headers["metadata"] == "true" ? """{"access_token":"entra-3","expires_in":"86399"}""" : AzureAnswer));
        await fake.GatewayAsync("""providers: { azure: { base_url: "URL", auth: entra } }""", variables: Variables(("AZURE_POD_IDENTITY_AUTHORITY_HOST", "URL")));

        using var answer = await fake.ChatAsync("azure/gpt-4o");

        (await TextAsync(answer)).ShouldContain("Hello");
        fake.Requests[^1].Headers["authorization"].ShouldBe("Bearer entra-3");
    }

    [Fact]
    public async Task Entra_Refusal_IsToldInEntrasWordsWithoutTheSecret()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1"}""", 401));
        await fake.GatewayAsync(
            """providers: { azure: { base_url: "URL", entra: { tenant_id: t1, client_id: c1, client_secret: wrong-secret-1 } } }""",
            variables: Variables(("AZURE_AUTHORITY_HOST", "URL")));

        using var answer = await fake.ChatAsync("azure/gpt-4o");
        string text = await TextAsync(answer);

        ((int)answer.StatusCode).ShouldBe(401);
        text.ShouldContain("AADSTS7000215: Invalid client secret provided.");
        text.ShouldNotContain("wrong-secret-1");
        text.ShouldNotContain("Trace ID");
    }

    private static FakeAnswer Text(string text) => new(200, "text/plain", Encoding.UTF8.GetBytes(text));

    private static FakeAnswer Xml(string text) => new(200, "text/xml", Encoding.UTF8.GetBytes(text));

    private static void AssertSigned(FakeUpstream fake)
    {
        var calls = fake.Requests.Where(r => r.Target.StartsWith("/model/", StringComparison.Ordinal)).ToArray();
        calls.ShouldNotBeEmpty();
        calls.ShouldAllBe(r => r.Headers["authorization"].StartsWith("AWS4-HMAC-SHA256 Credential=ASIAROLE/", StringComparison.Ordinal) && r.Headers["x-amz-security-token"] == "role-token-1");
    }

    private Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string> { ["HOME"] = _home };
        foreach (var (name, value) in more) variables[name] = value;
        return variables;
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
