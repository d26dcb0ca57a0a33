using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class AwsProfileTests : IDisposable
{
    private const string File = """
        # the file of the aws command
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key = default/secret=

        [research]
        aws_access_key_id=AKIARESEARCH
        aws_secret_access_key=research-secret
        aws_session_token = research-token
        [sso]
        sso_session = corp
        """;

    private readonly ConfigurationFolder folder = new();

    public AwsProfileTests() => folder.Set("HOME", folder.WorkingDirectory).Write(".aws/credentials", File);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Profile_Named_GivesItsKeys()
    {
        var aws = Load("aws: { profile: research }, region: eu-west-1");
        (aws.AccessKeyId, aws.SecretAccessKey?.Reveal(), aws.SessionToken?.Reveal()).ShouldBe(("AKIARESEARCH", "research-secret", "research-token"));
    }

    [Fact]
    public void Profile_NotNamed_IsDefaultAfterTheVariables()
    {
        var byDefault = Load("region: eu-west-1");
        (byDefault.AccessKeyId, byDefault.SecretAccessKey?.Reveal(), byDefault.SessionToken).ShouldBe(("AKIADEFAULT", "default/secret=", null));
        folder.Set("AWS_PROFILE", "research");
        Load("region: eu-west-1").AccessKeyId.ShouldBe("AKIARESEARCH");
        folder.Set("AWS_ACCESS_KEY_ID", "AKIAVARIABLE").Set("AWS_SECRET_ACCESS_KEY", "variable-secret");
        Load("region: eu-west-1").AccessKeyId.ShouldBe("AKIAVARIABLE");
        Load("aws: { profile: research }, region: eu-west-1").AccessKeyId.ShouldBe("AKIARESEARCH");
    }

    [Fact]
    public void Profile_InANamedFile_IsReadThere()
    {
        folder.Write("elsewhere", "[default]\naws_access_key_id = AKIAELSE\naws_secret_access_key = else-secret\n").Set("AWS_SHARED_CREDENTIALS_FILE", "elsewhere");
        Load("region: eu-west-1").AccessKeyId.ShouldBe("AKIAELSE");
    }

    [Theory]
    [InlineData("other", "has no AWS profile 'other'; write the profile there, or write access_key_id and secret_access_key")]
    [InlineData("sso", "the AWS profile 'sso' in ")]
    public void Profile_WithoutKeys_IsAFaultWhereItIsNamed(string profile, string what)
    {
        string fault = folder.LoadFaults($"providers: {{ bedrock: {{ region: eu-west-1, aws: {{ profile: {profile} }} }} }}").ShouldHaveSingleItem();
        fault.ShouldStartWith("sluice.yaml:1:60: ");
        fault.ShouldContain(what);
    }

    [Fact]
    public void File_OfAProfile_IsWatchedForAReload() =>
        folder.Write("sluice.yaml", "providers: { bedrock: { region: eu-west-1 } }").Load().SecretFiles.ShouldContain(Path.Combine(folder.WorkingDirectory, ".aws", "credentials"));

    private AwsConfig Load(string settings) => folder.LoadValid($"providers: {{ bedrock: {{ {settings} }} }}").Providers["bedrock"].Aws.ShouldNotBeNull();
}
