using Sluice.Catalog;
using Sluice.Pricing;

namespace Sluice.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-catalog").FullName;

    [Theory]
    [InlineData("openai", "gpt-5.4", "gpt-5.4")]
    [InlineData("OpenAI", "GPT-5.4-2026-03-05", "gpt-5.4")]
    [InlineData("openai-responses", "gpt-5.4", "gpt-5.4")] // a vendor's type
    [InlineData("openai", "gpt-5.6-luna-2026-07-09", "gpt-5.6-luna")] // by regex
    [InlineData("openai", "gpt-5.6-luna-2026-07", null)]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18:acme::x", "ft:gpt-4o-mini")] // by prefix
    [InlineData("openai", "text-moderation-stable", "omni-moderation-latest")] // by what it contains
    [InlineData("gemini", "gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("vertex", "gemini-2.5-pro", "gemini-2.5-pro")] // Vertex lists only what differs from the Gemini API
    [InlineData("vertex", "claude-opus-4-8@20260101", "claude-opus-4-8")]
    [InlineData("ollama", "whatever:7b", "*")]
    [InlineData("groq", "gpt-5.4", null)] // never another provider's list
    [InlineData("openai-compatible", "gpt-5.4", null)]
    [InlineData("nobody", "gpt-5.4", null)]
    public void Find_Id_ResolvesByTheBestRule(string provider, string model, string? expected) =>
        (ModelCatalog.Embedded.Find(provider, model)?.Id).ShouldBe(expected);

    [Fact]
    public void Models_EveryEmbeddedRecord_IsReadableAndItsIdMeansItself()
    {
        var models = ModelCatalog.Embedded.Models().ToList();

        models.Count.ShouldBeGreaterThan(500);
        foreach (var model in models)
        {
            ModelCatalog.Embedded.Find(model.Provider, model.Id).ShouldBe(model);
            model.Match.ShouldAllBe(m => ModelPattern.Fault(m) == null);
            if (model.Prices.Periods.Count > 0) model.Sources.ContainsKey("prices").ShouldBeTrue($"{model.Provider}/{model.Id}");
            foreach (var (before, after) in model.Prices.Periods.Zip(model.Prices.Periods.Skip(1))) (before.Until <= after.From).ShouldBeTrue(model.Id);
        }
    }

    [Fact]
    public void Find_Record_HoldsLimitsCapabilitiesAndReasoning()
    {
        var model = ModelCatalog.Embedded.Find("anthropic", "claude-sonnet-5").ShouldNotBeNull();

        model.ContextWindow.ShouldBe(1_000_000);
        model.MaxOutputTokens.ShouldBe(128_000);
        model.Can("vision").ShouldBe(true);
        model.Can("assistant_prefill").ShouldBe(false);
        model.Can("audio").ShouldBe(false);
        model.Can("teleportation").ShouldBeNull();
        model.Reasoning!.OnByDefault.ShouldBe(true);
        model.Sources["prices"].ShouldContain(s => s.Contains("2026-09-23"));
    }

    [Fact]
    public void With_UsersRecordOfAKnownId_ChangesWhatItGivesAndKeepsTheRest()
    {
        string file = Write("""{ "provider": "openai", "models": [ { "id": "gpt-5.4", "context": 7, "prices": [ { "tokens": { "input": 1.5, "output": "9" } } ] } ] }""");

        var catalog = ModelCatalog.Embedded.With([file], out var faults);

        faults.ShouldBeEmpty();
        var model = catalog.Find("openai", "gpt-5.4-2026-03-05").ShouldNotBeNull();
        model.ContextWindow.ShouldBe(7);
        model.MaxOutputTokens.ShouldBe(128_000);
        model.Prices.Periods.Single().Tokens[TokenKind.Input].ShouldBe(1.5m);
        model.Prices.Origin.ShouldBe(Path.GetFileName(file));
        catalog.Models("openai").Count(m => m.Id == "gpt-5.4").ShouldBe(1);
        ModelCatalog.Embedded.Find("openai", "gpt-5.4")!.ContextWindow.ShouldBe(1_050_000);
    }

    [Fact]
    public void With_NewProvider_IsFoundUnderItsName()
    {
        string file = Write("""[ { "provider": "lab", "models": [ { "id": "big", "match": [ "big*" ], "can": [ "tools" ] } ] } ]""");

        var catalog = ModelCatalog.Embedded.With([file], out _);

        catalog.Find("lab", "big-2").ShouldNotBeNull().Can("tools").ShouldBe(true);
        catalog.Providers.ShouldContain("lab");
    }

    [Theory]
    [InlineData("{ \"provider\": \"x\", ", ":1:")]
    [InlineData("""{ "models": [] }""", "'provider' is missing")]
    [InlineData("""{ "provider": "x" }""", "'models' is missing")]
    [InlineData("""{ "provider": "x", "schema": 2, "models": [] }""", "schema 2 is not known")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "contxt": 1 } ] }""", "models[0].contxt: no such member")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "context": "many" } ] }""", "models[0]: context: a whole number is needed")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "match": [ "/(/" ] } ] }""", "match: /(/")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "match": [ "/(a)\\1/" ] } ] }""", "match: ")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "prices": [ { "tokens": { "inpt": 1 } } ] } ] }""", "prices[0].tokens.inpt: no such kind of token")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "prices": [ { "tokens": { "input": "cheap" } } ] } ] }""", "no amount")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "prices": [ { "from": "soon" } ] } ] }""", "prices[0].from: 'soon' is no date")]
    [InlineData("""{ "provider": "x", "models": [ 7 ] }""", "every item is an object")]
    [InlineData("[ 7 ]", "an object is needed")]
    public void With_FaultyFile_SaysWhatAndLeavesItOut(string text, string fault)
    {
        string file = Write(text);

        var catalog = ModelCatalog.Embedded.With([file], out var faults);

        faults.ShouldNotBeEmpty();
        faults.ShouldContain(f => f.StartsWith(file) && f.Contains(fault), string.Join('\n', faults));
        catalog.Find("x", "a").ShouldBeNull();
    }

    [Fact]
    public void With_MissingFile_IsAFault()
    {
        ModelCatalog.Embedded.With([Path.Combine(_folder, "absent.json")], out var faults);

        faults.Single().ShouldContain("cannot be read");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "own.json");
        File.WriteAllText(file, text);
        return file;
    }
}
