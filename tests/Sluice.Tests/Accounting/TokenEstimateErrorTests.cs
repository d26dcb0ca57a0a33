using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Accounting;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Tests.Accounting;

/// <summary>Measures the estimate on every recorded call whose prompt is all in the request, and prints the error.</summary>
public sealed class TokenEstimateErrorTests
{
    private static readonly string[] Formats = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "mistral-chat"];

    // Prompts that the provider adds, keeps or fetches are in nobody's request.
    private static readonly string[] Hidden = ["server_tool", "stateful", "compaction", "context_management", "background", "deferred_tools", "cached_contents"];

    [Fact]
    public void Estimate_OnTheRecordings_IsNearWhatProvidersCounted()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "no recordings beside the checkout");
        var measured = Formats.SelectMany(Corpus.Of).Select(Measure).OfType<Sample>().ToArray();
        var report = new StringBuilder();
        foreach (string format in Formats)
        {
            foreach (string kind in measured.Select(m => m.Kind).Distinct().Order(StringComparer.Ordinal)) Line(report, $"{format}, {kind}", measured.Where(m => m.Format == format && m.Kind == kind));
        }
        Line(report, "texts of 100 tokens or more", measured.Where(IsLongText));
        foreach (string script in measured.Select(m => m.Script).Distinct().Order(StringComparer.Ordinal)) Line(report, $"script {script}, all but media", measured.Where(m => m.Script == script && m.Kind != "media"));
        Line(report, "all but media", measured.Where(m => m.Kind != "media"));
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());

        measured.Length.ShouldBeGreaterThan(200);
        Median(measured.Where(IsLongText).Select(m => m.Error)).ShouldBeLessThan(0.35);
        Median(measured.Where(m => m.Kind == "tools").Select(m => m.Error)).ShouldBeLessThan(0.5);
    }

    private static bool IsLongText(Sample sample) => sample is { Kind: "text", Actual: >= 100 };

    private static Sample? Measure(Exchange exchange)
    {
        if (exchange.Status != 200 || exchange.RequestBody is not { } body || Actual(exchange) is not { } actual || actual == 0) return null;
        string[] features = [.. exchange.Json.GetProperty("features").EnumerateArray().Select(f => f.GetString()!)];
        if (features.Any(f => Hidden.Any(h => f.StartsWith(h, StringComparison.Ordinal))) || body.Contains("\"cachedContent\"", StringComparison.Ordinal) || body.Contains("\"plugins\"", StringComparison.Ordinal)) return null;
        string kind = features.Any(f => f is "image" or "document" or "audio" or "video" or "media_inline" or "media_url") ? "media" : features.Any(f => f is "tools" or "json_schema") ? "tools" : "text";
        using var compact = JsonDocument.Parse(body);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(compact.RootElement);
        return new Sample(exchange.WireFormat, kind, ScriptOf(Encoding.UTF8.GetString(bytes)), actual, BodyTokens.Estimate(bytes, new WireFormatId(exchange.WireFormat)));
    }

    // A request is of another script where a tenth of its letters is: names of members are Latin everywhere.
    private static string ScriptOf(string json)
    {
        string text = JsonDocument.Parse(json).RootElement.ToString();
        int letters = text.Count(char.IsLetter), other = text.Count(c => char.IsLetter(c) && c is >= '\u0370' and < '\u2e80'), ideographs = text.Count(c => c is >= '\u2e80' and < '\ud800');
        return ideographs * 10 > letters ? "ideographic" : other * 10 > letters ? "other than Latin" : "Latin";
    }

    private static long? Actual(Exchange exchange)
    {
        if (exchange.ResponseBody is { } whole) return Usage(JsonDocument.Parse(whole).RootElement);
        long? last = null;
        foreach (string line in (exchange.Sse ?? "").Split('\n'))
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal)) continue;
            var data = JsonDocument.Parse(line[6..]).RootElement;
            foreach (string inner in (string[])["message", "response"])
            {
                if (data.TryGetProperty(inner, out var nested) && nested.ValueKind == JsonValueKind.Object) last ??= Usage(nested);
            }
            last = Usage(data) is > 0 and var found ? found : last;
        }
        return last;
    }

    private static long? Usage(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !(json.TryGetProperty("usage", out var usage) || json.TryGetProperty("usageMetadata", out usage)) || usage.ValueKind != JsonValueKind.Object) return null;
        long sum = 0;
        foreach (string name in (string[])["prompt_tokens", "input_tokens", "promptTokenCount", "cache_read_input_tokens", "cache_creation_input_tokens"])
        {
            if (usage.TryGetProperty(name, out var count) && count.ValueKind == JsonValueKind.Number) sum += count.GetInt64();
        }
        return sum;
    }

    private static void Line(StringBuilder report, string name, IEnumerable<Sample> samples)
    {
        var list = samples.ToArray();
        if (list.Length < 3) return;
        double[] errors = [.. list.Select(s => s.Error).Order()];
        report.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {list.Length,4} calls  median error {Median(errors),4:P0}  nine of ten within {errors[errors.Length * 9 / 10],5:P0}  estimated/counted {(double)list.Sum(s => s.Estimate) / list.Sum(s => s.Actual),5:0.00}"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed record Sample(string Format, string Kind, string Script, long Actual, long Estimate)
    {
        public double Error => Math.Abs(Estimate - Actual) / (double)Actual;
    }
}
