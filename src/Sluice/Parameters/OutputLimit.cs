using System.Globalization;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>Lowers a limit of the output that is above what the catalogue says a model can give: its vendor would answer 400.</summary>
internal static class OutputLimit
{
    /// <summary>Fits a request that is translated.</summary>
    public static ChatRequest Fit(ChatRequest request, long? most, LossReport losses)
    {
        if (most is not { } tokens || request.MaxTokens is not { } asked || asked <= tokens) return request;
        losses.Changed(ParameterMap.OutputLimit, Why(tokens));
        return request with { MaxTokens = tokens };
    }

    /// <summary>Fits a body of the upstream's own format. What was added to it has to fit already.</summary>
    public static void Fit(JsonEdits edits, ParameterMap map, long most, ref LazyLosses losses)
    {
        if (map.Find(ParameterMap.OutputLimit) is not { } limit) return;
        var place = new BodyPlace(limit);
        if (place.Holder(edits) is not { } holder) return;
        foreach (byte[] name in place.Names)
        {
            if (holder.Members.GetInt64(name) is not { } asked || asked <= most) continue;
            holder.Set(name, Number(most));
            losses.Changed(ParameterMap.OutputLimit, Why(most));
        }
        FitBudget(edits, most, ref losses);
    }

    // Anthropic counts a budget of thinking against the limit, which must be above it.
    private static void FitBudget(JsonEdits edits, long most, ref LazyLosses losses)
    {
        if (!edits.Members.TryGet("thinking"u8, out _) || edits.Inside("thinking"u8) is not { } thinking || thinking.Members.GetInt64("budget_tokens"u8) is not { } budget || budget < most) return;
        thinking.Set("budget_tokens"u8, Number(Math.Max(1024, most / 2)));
        losses.Changed("reasoning.budget_tokens", Why(most));
    }

    private static byte[] Number(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static string Why(long most) => string.Create(CultureInfo.InvariantCulture, $"the model gives at most {most} tokens");
}
