using Sluice.Chat;
using Sluice.Formats.Gemini;
using Sluice.Formats.Shared;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

public sealed class GeminiRequestReaderTests
{
    [Fact]
    public void Decode_SnakeCaseAndCamelCase_MeanTheSameAndComeOutAsTheyWere()
    {
        const string Snake = """
            {"system_instruction":{"parts":[{"text":"Be brief."}]},
             "contents":[{"role":"user","parts":[{"text":"hi"},{"file_data":{"file_uri":"https://example.com/a.png","mime_type":"image/png"}}]}],
             "generation_config":{"max_output_tokens":7,"top_p":0.5,"top_k":3,"stop_sequences":["x"],"thinking_config":{"include_thoughts":true,"thinking_budget":100}},
             "tools":[{"function_declarations":[{"name":"f","parameters_json_schema":{"type":"object"}}]}],
             "tool_config":{"function_calling_config":{"mode":"any","allowed_function_names":["f"]}}}
            """;

        var request = Decode(Snake);

        request.Messages[0].Role.ShouldBe(Role.System);
        ((TextPart)request.Messages[0].Parts[0]).Text.ShouldBe("Be brief.");
        ((MediaPart)request.Messages[1].Parts[1]).Source.ShouldBe(new UrlMedia("https://example.com/a.png") { MediaType = "image/png" });
        request.MaxTokens.ShouldBe(7);
        request.TopP.ShouldBe(0.5);
        request.TopK.ShouldBe(3);
        request.Stop.ShouldBe(["x"]);
        request.Reasoning!.BudgetTokens.ShouldBe(100);
        request.Reasoning.IncludeText.ShouldBe(true);
        request.ToolChoice.ShouldBe(new ToolChoice("tool") { Name = "f" }, "one allowed name is that tool");
        JsonAssert.Difference(Snake, Encode(request, Context())).ShouldBeNull();
    }

    [Fact]
    public void Decode_UnknownAndNullMembers_ComeOutAgain()
    {
        const string Body = """
            {"contents":[{"role":"user","parts":[{"text":"hi","partMetadata":{"a":1},"thought":null}],"x":null}],
             "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],"labels":{"team":"a"},"cachedContent":"cachedContents/1",
             "generationConfig":{"temperature":null,"mediaResolution":"MEDIA_RESOLUTION_LOW","thinkingConfig":{"new":true}},
             "toolConfig":{"retrievalConfig":{"languageCode":"nl"}},"tools":[]}
            """;

        var request = Decode(Body);

        request.UsesServerState.ShouldBeTrue();
        request.Temperature.ShouldBeNull();
        JsonAssert.Difference(Body, Encode(request, Context())).ShouldBeNull();
        var foreign = new LossReport();
        foreign.Unknown(request.Notes, WireFormatId.OpenAIChat, "");
        foreign.Losses.Select(l => l.Path).ShouldBe(["safetySettings", "labels", "cachedContent", "generationConfig.mediaResolution", "generationConfig.thinkingConfig.new", "toolConfig.retrievalConfig"], ignoreOrder: true);
    }

    [Fact]
    public void Decode_CallsWithoutIds_AreLinkedToResultsByNameAndOrder()
    {
        const string Body = """
            {"contents":[
              {"role":"user","parts":[{"text":"go"}]},
              {"role":"model","parts":[{"functionCall":{"name":"a","args":{"n":1}}},{"functionCall":{"name":"b"}},{"functionCall":{"name":"a","args":{}}}]},
              {"role":"user","parts":[{"functionResponse":{"name":"b","response":{"result":"B"}}},{"functionResponse":{"name":"a","response":{"x":1}}},{"functionResponse":{"name":"a","response":{"error":"no"}}}]}]}
            """;

        var request = Decode(Body);
        var calls = request.Messages[1].Parts.Cast<ToolCallPart>().ToArray();
        var results = request.Messages[2].Parts.Cast<ToolResultPart>().ToArray();

        calls.Select(c => c.CallId).Distinct().Count().ShouldBe(3);
        results.Select(r => r.CallId).ShouldBe([calls[1].CallId, calls[0].CallId, calls[2].CallId]);
        calls[1].Arguments.ShouldBe("{}");
        results.Select(r => ((TextPart)r.Content[0]).Text).ShouldBe(["B", """{"x":1}""", "no"]);
        results.Select(r => r.IsError).ShouldBe([null, null, true]);
        JsonAssert.Difference(Body, Encode(request, Context())).ShouldBeNull();
        Decode(Body).Messages[1].Parts.Cast<ToolCallPart>().Select(c => c.CallId).ShouldBe(calls.Select(c => c.CallId), "made ids are the same each time");
    }

    [Fact]
    public void Decode_ResultWithAnIdForACallWithout_IsLinkedByName()
    {
        const string Body = """
            {"contents":[{"role":"model","parts":[{"functionCall":{"name":"a","args":{}}}]},{"role":"function","parts":[{"functionResponse":{"id":"own","name":"a","response":{}}}]}]}
            """;

        var request = Decode(Body);

        ((ToolResultPart)request.Messages[1].Parts[0]).CallId.ShouldBe(((ToolCallPart)request.Messages[0].Parts[0]).CallId);
        request.Messages[1].Role.ShouldBe(Role.Tool);
        JsonAssert.Difference(Body, Encode(request, Context())).ShouldBeNull();
    }

    [Fact]
    public void Decode_OpenApiSchemas_BecomeJsonSchema()
    {
        const string Body = """
            {"contents":[{"parts":[{"text":"x"}]}],
             "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","propertyOrdering":["a"],"properties":{
               "a":{"type":"STRING","nullable":true,"enum":["x","y"],"format":"enum"},"b":{"type":"ARRAY","items":{"type":"INTEGER","format":"int32"},"min_items":"2"},
               "c":{"anyOf":[{"type":"NUMBER"},{"type":"BOOLEAN"}],"nullable":true},"type":{"type":"STRING","nullable":true,"example":"e"}},"required":["a"]}}]}],
             "generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"ok":{"type":"BOOLEAN"}}}}}
            """;

        var request = Decode(Body);

        JsonAssert.Difference("""
            {"type":"object","properties":{
              "a":{"anyOf":[{"type":"string","enum":["x","y"]},{"type":"null"}]},
              "b":{"type":"array","items":{"type":"integer","format":"int32"},"minItems":2},
              "c":{"anyOf":[{"type":"number"},{"type":"boolean"},{"type":"null"}]},
              "type":{"type":["string","null"],"examples":["e"]}},"required":["a"]}
            """, ((FunctionTool)request.Tools[0]).Parameters.ToString()).ShouldBeNull();
        request.AnswerFormat!.Type.ShouldBe("json_schema");
        JsonAssert.Difference("""{"type":"object","properties":{"ok":{"type":"boolean"}}}""", request.AnswerFormat.Schema.ToString()).ShouldBeNull();
        JsonAssert.Difference(Body, Encode(request, Context())).ShouldBeNull();
    }

    [Fact]
    public void Encode_SchemaThatWasChangedSince_IsWrittenAsItIsNow()
    {
        var request = Decode("""{"contents":[],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT"}}]}]}""");
        request = request with { Tools = [((FunctionTool)request.Tools[0]) with { Parameters = RawJson.FromText("""{"type":"object","title":"new"}""") }] };

        JsonAssert.Difference("""{"contents":[],"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object","title":"new"}}]}]}""", Encode(request, Context())).ShouldBeNull();
    }

    [Theory]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/files/abc", false)]
    [InlineData("gs://bucket/video.mp4", false)]
    [InlineData("https://www.youtube.com/watch?v=1", true)]
    [InlineData("https://example.com/files/x.pdf", true)]
    public void Decode_FileData_TellsAddressesFromFilesThatOnlyGoogleOpens(string uri, bool isUrl)
    {
        var request = Decode($$$"""{"contents":[{"parts":[{"fileData":{"fileUri":"{{{uri}}}"}}]}]}""");

        ((MediaPart)request.Messages[0].Parts[0]).Source.ShouldBeAssignableTo(isUrl ? typeof(UrlMedia) : typeof(FileMedia));
    }

    [Fact]
    public void Decode_Base64ForUrls_BecomesStandardAndComesOutAsItWas()
    {
        const string Body = """{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"_9j-4A=="}}]}]}""";

        var request = Decode(Body);

        ((InlineMedia)((MediaPart)request.Messages[0].Parts[0]).Source).Base64.ShouldBe("/9j+4A==");
        JsonAssert.Difference(Body, Encode(request, Context())).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"mode":"AUTO"}""", "auto", null, 0, false)]
    [InlineData("""{"mode":"NONE"}""", "none", null, 0, false)]
    [InlineData("""{"mode":"ANY"}""", "required", null, 0, false)]
    [InlineData("""{"mode":"ANY","allowedFunctionNames":["f"]}""", "tool", "f", 0, false)]
    [InlineData("""{"mode":"ANY","allowedFunctionNames":["f","g"]}""", "allowed", null, 2, true)]
    [InlineData("""{"mode":"VALIDATED"}""", "auto", null, 0, false)]
    [InlineData("""{"mode":"VALIDATED","allowedFunctionNames":["f","g"]}""", "allowed", null, 2, false)]
    public void Decode_FunctionCallingConfig_IsToolChoice(string config, string mode, string? name, int allowed, bool required)
    {
        string body = $$$"""{"contents":[],"toolConfig":{"functionCallingConfig":{{{config}}}}}""";

        var request = Decode(body);

        request.ToolChoice!.Mode.ShouldBe(mode);
        request.ToolChoice.Name.ShouldBe(name);
        request.ToolChoice.Allowed.Count.ShouldBe(allowed);
        request.ToolChoice.AllowedRequired.ShouldBe(required);
        JsonAssert.Difference(body, Encode(request, Context())).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"thinkingBudget":0}""", false)]
    [InlineData("""{"thinkingBudget":-1}""", true)]
    [InlineData("""{"thinkingLevel":"HIGH"}""", true)]
    [InlineData("""{"includeThoughts":true}""", true)]
    [InlineData("""{"includeThoughts":false}""", null)]
    [InlineData("""{"thinkingBudget":0,"includeThoughts":true}""", false)]
    public void Decode_ThinkingConfig_TellsWhetherReasoningIsWanted(string config, bool? wanted)
    {
        string body = $$$"""{"contents":[],"generationConfig":{"thinkingConfig":{{{config}}}}}""";

        var request = Decode(body);

        request.Reasoning!.Wanted.ShouldBe(wanted);
        JsonAssert.Difference(body, Encode(request, Context())).ShouldBeNull();
    }

    [Fact]
    public void Decode_ForeignThoughtsInPieces_AreJoinedWithTheirSignature()
    {
        string signature = GeminiSignatures.ForClient(new ReasoningPart("Let me think.") { Signature = new Signature("sig+/=", "anthropic") })!;
        string redacted = GeminiSignatures.ForClient(new ReasoningPart("") { IsRedacted = true, Signature = new Signature("opaque", "anthropic") })!;
        string item = GeminiSignatures.ForClient(new ReasoningPart("") { Id = "rs_1", Signature = new Signature("enc", "openai") })!;
        string body = $$$"""
            {"contents":[{"role":"user","parts":[{"text":"q"}]},
              {"role":"model","parts":[{"text":"Let me","thought":true}]},{"role":"model","parts":[{"text":" think.","thought":true},{"text":"","thought":true,"thoughtSignature":"{{{signature}}}"}]},
              {"role":"model","parts":[{"text":"","thought":true,"thoughtSignature":"{{{redacted}}}"},{"text":"","thought":true,"thoughtSignature":"{{{item}}}"},{"text":"a"}]}]}
            """;

        var parts = Decode(body).Messages[1].Parts;

        Decode(body).Messages.Count.ShouldBe(2);
        parts[0].ShouldBe(new ReasoningPart("Let me think.") { Signature = new Signature("sig+/=", "anthropic") });
        parts[1].ShouldBe(new ReasoningPart("") { IsRedacted = true, IsSummary = true, Signature = new Signature("opaque", "anthropic") });
        parts[2].ShouldBe(new ReasoningPart("") { Id = "rs_1", Signature = new Signature("enc", "openai") });
        parts[3].ShouldBe(new TextPart("a"));
    }

    [Fact]
    public void Decode_EnvelopeInTheAlphabetForUrls_IsOpened()
    {
        string envelope = SignatureEnvelope.Write(new Signature("???>>>~~~", "anthropic"), "gemini").Replace('+', '-').Replace('/', '_').TrimEnd('=');

        SignatureEnvelope.Read(envelope, "gemini").ShouldBe(new Signature("???>>>~~~", "anthropic"));
    }

    [Theory]
    [InlineData("""{"contents":5}""", "contents")]
    [InlineData("""{"contents":[5]}""", "contents[0]")]
    [InlineData("""{"contents":[{"role":"wizard","parts":[]}]}""", "contents[0].role")]
    [InlineData("""{"contents":[{"parts":[{"text":5}]}]}""", "contents[0].parts[0].text")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"args":{}}}]}]}""", "contents[0].parts[0].functionCall.name")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"name":"f","args":[]}}]}]}""", "contents[0].parts[0].functionCall.args")]
    [InlineData("""{"contents":[],"generationConfig":{"topK":"many"}}""", "generationConfig.topK")]
    [InlineData("""{"contents":[],"generationConfig":{"stopSequences":[1]}}""", "generationConfig.stopSequences")]
    [InlineData("""{"contents":[],"tools":[{"functionDeclarations":[{"description":"x"}]}]}""", "tools[0].functionDeclarations[0].name")]
    [InlineData("""{"contents":[],"tools":{}}""", "tools")]
    public void Decode_Malformed_NamesTheField(string body, string path) => DecodeFault(body).Param.ShouldBe(path);

    [Fact]
    public void ReadHead_Path_SaysModelAndStreamAndFraming()
    {
        var members = JsonMembers.Scan(Bytes("""{"contents":[],"generationConfig":{"topK":1,"maxOutputTokens":9}}"""), out _)!;

        var array = Format.ReadHead(new WireRequest { Path = "/v1beta/models/gemini-x:streamGenerateContent" }, members);
        var events = Format.ReadHead(new WireRequest { Path = "/v1beta/models/gemini-x:streamGenerateContent", Query = "key=k&alt=sse", PathModel = "models/route" }, members);
        var whole = Format.ReadHead(new WireRequest { Path = "/v1/projects/p/locations/l/publishers/google/models/gemini-x:generateContent" }, members);

        (array.Model, array.Stream, array.StreamStyle, array.MaxTokens).ShouldBe(("gemini-x", true, StreamStyle.JsonArray, 9));
        (events.Model, events.Stream, events.StreamStyle).ShouldBe(("route", true, StreamStyle.Default));
        (whole.Model, whole.Stream, whole.StreamStyle).ShouldBe(("gemini-x", false, StreamStyle.Default));
    }
}
