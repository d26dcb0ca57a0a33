using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Access.Administration;
using Sluice.Gateway.Endpoints;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary><c>/openapi.json</c> is a sound document, and tells of what is there: no more and no less.</summary>
public sealed partial class OpenApiTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    [Fact]
    public async Task Document_Structure_IsSound()
    {
        var document = await DocumentAsync();

        document.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        foreach (string reference in References(document)) Resolve(document, reference).ShouldNotBeNull(reference);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, _, operation) in Operations(document))
        {
            string name = operation.GetProperty("operationId").GetString()!;
            names.Add(name).ShouldBeTrue(name);
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(name);
            foreach (var response in operation.GetProperty("responses").EnumerateObject()) Followed(document, response.Value).GetProperty("description").GetString().ShouldNotBeNullOrEmpty($"{name} {response.Name}");
            var declared = operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(p => Followed(document, p)).Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()) : [];
            declared.ShouldBe(Placeholder().Matches(path).Select(m => m.Groups[1].Value), name);
        }
    }

    [Fact]
    public async Task Endpoints_OfTheGateway_AreAllInIt()
    {
        var paths = (await DocumentAsync()).GetProperty("paths").EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);

        // Paths without the version are other ways to the same.
        InboundRoute.Paths.Where(path => !paths.Contains(path) && !paths.Contains("/v1" + path)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Operations_OfTheDocument_AreAllAnswered()
    {
        var document = await DocumentAsync();
        foreach (var (path, method, operation) in Operations(document))
        {
            string address = path.Replace("{model}", "sim-openai/large", StringComparison.Ordinal).Replace("{id}", "resp_none", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            if (method == "post") request.Content = new StringContent("[]", System.Text.Encoding.UTF8, "application/json");
            using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

            string text = await TextAsync(answer);
            text.ShouldNotContain("there is no endpoint", customMessage: $"{method} {path}");
            operation.GetProperty("responses").EnumerateObject().Select(r => r.Name).ShouldContain(((int)answer.StatusCode).ToString(), $"{method} {path}: {text}");
        }
    }

    [Fact]
    public async Task Keys_HaveTheSettingsThatAreTaken()
    {
        var document = await DocumentAsync();
        var described = document.GetProperty("components").GetProperty("schemas").GetProperty("KeySettings").GetProperty("properties");

        described.EnumerateObject().Select(p => p.Name).ShouldBe(KeySchema.Settings.Keys.Select(k => k.Name), ignoreOrder: true);
    }

    [Fact]
    public async Task Administration_AnswersAsDescribed()
    {
        var document = await DocumentAsync();
        await using var keyed = await KeyedGateway.StartAsync();
        foreach (var (path, method, operation) in Operations(document).Where(o => o.Path.StartsWith("/admin/api/", StringComparison.Ordinal) && !o.Path.Contains("admin-key", StringComparison.Ordinal)))
        {
            string name = "k" + Guid.NewGuid().ToString("N");
            await keyed.CreateAsync($$"""{"name":"{{name}}"}""");
            using var answer = await keyed.AdminAsync(method.ToUpperInvariant(), path["/admin/api/".Length..].Replace("{id}", name, StringComparison.Ordinal), method == "patch" ? """{"limits":{"rpm":7}}""" : null);

            string status = ((int)answer.StatusCode).ToString();
            status.ShouldBeOneOf("200", "201");
            var described = operation.GetProperty("responses").GetProperty(status);
            foreach (string header in described.TryGetProperty("headers", out var headers) ? headers.EnumerateObject().Select(h => h.Name) : []) Header(answer, header).ShouldNotBeNull($"{method} {path}: {header}");
            var json = await JsonAsync(answer);
            foreach (string member in Required(document, described.GetProperty("content").GetProperty("application/json").GetProperty("schema"))) json.TryGetProperty(member, out _).ShouldBeTrue($"{method} {path}: {member}");
        }
    }

    [Fact]
    public async Task Root_InAnyBrowser_SaysWhereToGo()
    {
        using var answer = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string text = await TextAsync(answer);
        text.ShouldStartWith("Sluice is running");
        text.ShouldContain($"{gateway.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}/v1 ");
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var answer = await gateway.Client.GetAsync("/openapi.json", TestContext.Current.CancellationToken);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return await JsonAsync(answer);
    }

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject() from method in path.Value.EnumerateObject() where Methods.Contains(method.Name) select (path.Name, method.Name, method.Value);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m.Name == "$ref" ? [m.Value.GetString()!] : References(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static JsonElement Followed(JsonElement document, JsonElement element) => element.TryGetProperty("$ref", out var reference) ? Resolve(document, reference.GetString()!)!.Value : element;

    private static IEnumerable<string> Required(JsonElement document, JsonElement schema)
    {
        schema = Followed(document, schema);
        var parts = schema.TryGetProperty("allOf", out var all) ? all.EnumerateArray().SelectMany(part => Required(document, part)) : [];
        return schema.TryGetProperty("required", out var required) ? parts.Concat(required.EnumerateArray().Select(r => r.GetString()!)) : parts;
    }

    private static JsonElement? Resolve(JsonElement document, string reference)
    {
        var at = document;
        foreach (string name in reference.Split('/').Skip(1))
        {
            if (!at.TryGetProperty(name, out at)) return null;
        }
        return at;
    }

    [GeneratedRegex(@"\{([a-z]+)\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
