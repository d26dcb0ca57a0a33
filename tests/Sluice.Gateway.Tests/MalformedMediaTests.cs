namespace Sluice.Gateway.Tests;

/// <summary>Media that no vendor could read are refused with their place, whoever sends them; nothing is made up for them.</summary>
public sealed class MalformedMediaTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

    [Theory]
    [InlineData("""{"type":"base64","media_type":"image/png","data":""}""", "messages[0].content[0].source.data")]
    [InlineData("""{"type":"base64","media_type":"","data":"aGk="}""", "messages[0].content[0].source.media_type")]
    [InlineData("""{"type":"base64","media_type":"image/png","data":"no base64!"}""", "messages[0].content[0].source.data")]
    [InlineData("""{"type":"url","url":"picture"}""", "messages[0].content[0].source.url")]
    public Task OfMessagesClients(string source, string place) =>
        RefusesAsync("/v1/messages", $$"""{"model":"both/gpt-4.1","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{{source}} }]}]}""", place);

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"picture"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":""}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":"picture"}""", "messages[0].content[0].image_url")]
    [InlineData("""{"type":"image_url","image_url":{}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url"}""", "messages[0].content[0].image_url")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,?!"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:;base64,aGk="}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"","format":"wav"}}""", "messages[0].content[0].input_audio.data")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"aGk="}}""", "messages[0].content[0].input_audio.format")]
    [InlineData("""{"type":"file","file":{"file_data":""}}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"type":"file","file":{"file_data":"aGk="}}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"type":"file","file":{}}""", "messages[0].content[0].file")]
    public Task OfChatClients(string part, string place) => RefusesAsync("/v1/chat/completions", $$"""{"model":"ant/claude-haiku-4-5","messages":[{"role":"user","content":[{{part}}]}]}""", place);

    [Theory]
    [InlineData("""{"type":"input_image"}""", "input[0].content[0]")]
    [InlineData("""{"type":"input_image","file_id":""}""", "input[0].content[0]")]
    [InlineData("""{"type":"input_image","image_url":"picture"}""", "input[0].content[0].image_url")]
    [InlineData("""{"type":"input_image","image_url":"data:image/png;base64,"}""", "input[0].content[0].image_url")]
    [InlineData("""{"type":"input_file","file_data":""}""", "input[0].content[0].file_data")]
    [InlineData("""{"type":"input_file","file_data":"aGk="}""", "input[0].content[0].file_data")]
    [InlineData("""{"type":"input_file","file_url":"paper"}""", "input[0].content[0].file_url")]
    [InlineData("""{"type":"input_audio"}""", "input[0].content[0].input_audio")]
    [InlineData("""{"type":"input_audio","input_audio":{"format":"wav"}}""", "input[0].content[0].input_audio.data")]
    public Task OfResponsesClients(string part, string place) => RefusesAsync("/v1/responses", $$"""{"model":"ant/claude-haiku-4-5","input":[{"role":"user","content":[{{part}}]}]}""", place);

    [Theory]
    [InlineData("""{"inlineData":{"data":"aGk="}}""", "contents[0].parts[0].inlineData.mimeType")]
    [InlineData("""{"inlineData":{"mimeType":"image/png"}}""", "contents[0].parts[0].inlineData.data")]
    [InlineData("""{"inlineData":{"mimeType":"image/png","data":""}}""", "contents[0].parts[0].inlineData.data")]
    [InlineData("""{"inline_data":{"mime_type":"image/png","data":"?!"}}""", "contents[0].parts[0].inlineData.data")]
    [InlineData("""{"fileData":{"mimeType":"image/png"}}""", "contents[0].parts[0].fileData.fileUri")]
    public Task OfGeminiClients(string part, string place) => RefusesAsync("/v1beta/models/ant/claude-haiku-4-5:generateContent", $$"""{"contents":[{"role":"user","parts":[{{part}}]}]}""", place);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"no base64!\"")]
    [InlineData("\"aGk=\"")]
    [InlineData("\"https://example.com/a.png\"")]
    [InlineData("1")]
    public async Task OfOllamaClients(string image)
    {
        await RefusesAsync("/api/chat", $$"""{"model":"both/gpt-4.1","messages":[{"role":"user","content":"what?","images":[{{image}}]}]}""", "messages[0].images[0]");
        await RefusesAsync("/api/generate", $$"""{"model":"both/gpt-4.1","prompt":"what?","images":[{{image}}]}""", "images[0]");
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"ant/claude-haiku-4-5","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:;base64,PNG"}}]}]}""")]
    [InlineData("/v1/responses", """{"model":"ant/claude-haiku-4-5","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:;base64,PNG"}]}]}""")]
    [InlineData("/api/chat", """{"model":"ant/claude-haiku-4-5","messages":[{"role":"user","content":"","images":["PNG"]}]}""")]
    public async Task TypeThatTheBytesTell_IsSent(string path, string body)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync(path, body.Replace("PNG", Png, StringComparison.Ordinal));

        sent["messages.0.content.0.source.media_type"].ShouldBe("image/png", sent.Answer);
    }

    private static async Task RefusesAsync(string path, string body, string place)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync(path, body);

        sent.Status.ShouldBe(400, sent.Text);
        sent.Answer.ShouldContain(place + ":");
        sent.Path.ShouldBeEmpty();
    }
}
