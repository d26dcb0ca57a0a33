namespace Sluice.Simulator.Tests;

public sealed class OpenAIOtherTests
{
    [Fact]
    public async Task Completions_WholeAndStreamed_SayTheSame()
    {
        await using var simulated = await Simulated.StartAsync();
        var whole = await simulated.SendAsync("/openai/v1/completions", """{"model":"m","prompt":["ab cd","second"]}""");
        whole.GetProperty("object").GetString().ShouldBe("text_completion");
        whole.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()).ShouldBe(["You said: ab cd", "You said: second"]);
        var events = await simulated.StreamAsync("/openai/v1/completions", """{"model":"m","prompt":"ab cd","stream":true,"stream_options":{"include_usage":true}}""");
        string.Concat(events.SkipLast(2).Select(item => item.Json.GetProperty("choices")[0].GetProperty("text").GetString())).ShouldBe("You said: ab cd");
        events[^2].Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Embeddings_Base64AndNumbers_AreTheSameVector()
    {
        await using var simulated = await Simulated.StartAsync();
        var numbers = await simulated.SendAsync("/openai/v1/embeddings", """{"model":"e","input":"hello","dimensions":8}""");
        var base64 = await simulated.SendAsync("/openai/v1/embeddings", """{"model":"e","input":["hello","other"],"dimensions":8,"encoding_format":"base64"}""");
        var vector = numbers.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var bytes = base64.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Enumerable.Range(0, 8).Select(i => BitConverter.ToSingle(bytes, i * 4)).ShouldBe(vector);
        vector.Sum(value => value * value).ShouldBe(1f, 0.001f);
        base64.GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Models_ListAndOne()
    {
        await using var simulated = await Simulated.StartAsync();
        (await simulated.GetAsync("/openai/v1/models")).GetProperty("data").GetArrayLength().ShouldBeGreaterThan(3);
        (await simulated.GetAsync("/openai/v1/models/gpt-5.4")).GetProperty("id").GetString().ShouldBe("gpt-5.4");
        (await simulated.GetAsync("/openai/v1/models/missing", 404)).GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
    }

    [Fact]
    public async Task Request_BrokenJson_IsRefusedWithTheHint()
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync("/openai/v1/chat/completions", "{", 400);
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith("We could not parse the JSON body");
    }

    [Fact]
    public async Task Request_TooLarge_Is413()
    {
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { MaxRequestBytes = 1000 });
        await simulated.SendAsync("/openai/v1/chat/completions", Bodies.OpenAI(new string('x', 2000)), 413);
    }
}
