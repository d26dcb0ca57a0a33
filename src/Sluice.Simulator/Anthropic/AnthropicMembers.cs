using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>What the API's own SDK (@anthropic-ai/sdk 1.11, beta included) may send, and the sampling settings of older models; anything else is refused when members are checked.</summary>
internal static class AnthropicMembers
{
    private static readonly Members Request = new("""
        max_tokens messages model billing_policy cache_control compaction container context_management diagnostics fallback_credit_token fallbacks
        inference_geo mcp_servers metadata output_config output_format service_tier speed stop_sequences stream system temperature thinking thread
        tool_choice tools top_k top_p user_profile_id workspace_id
        """);

    private static readonly Members Message = new("role content");
    private static readonly Members Text = new("type text cache_control citations");
    private static readonly Members ToolUse = new("type id name input cache_control caller");
    private static readonly Members ToolResult = new("type tool_use_id content is_error cache_control");
    private static readonly Members Thinking = new("type thinking signature");
    private static readonly Members Image = new("type source cache_control");
    private static readonly Members Tool = new("input_schema name allowed_callers cache_control defer_loading description eager_input_streaming input_examples strict type");

    /// <summary>The refusal in the API's words, or null.</summary>
    public static string? Check(SimulatedCall call, JsonElement root)
    {
        if (!Members.AreChecked(call))
            return null;
        var place = Request.FirstUnknown(root) ?? Messages(root) ?? Tools(root);
        return place is null ? null : place + ": Extra inputs are not permitted";
    }

    private static string? Messages(JsonElement root)
    {
        var index = -1;
        foreach (var message in root.Items("messages"))
        {
            index++;
            if (Message.FirstUnknown(message) is { } unknown)
                return $"messages.{index}.{unknown}";
            var at = -1;
            foreach (var block in message.Items("content"))
            {
                at++;
                var type = block.Text("type");
                var known = type switch { "text" => Text, "tool_use" => ToolUse, "tool_result" => ToolResult, "thinking" => Thinking, "image" => Image, _ => null };
                if (known?.FirstUnknown(block) is { } extra)
                    return $"messages.{index}.content.{at}.{type}.{extra}";
            }
        }

        return null;
    }

    private static string? Tools(JsonElement root)
    {
        var index = -1;
        foreach (var tool in root.Items("tools"))
        {
            index++;
            if (tool.Text("type") is null or "custom" && Tool.FirstUnknown(tool) is { } unknown)
                return $"tools.{index}.custom.{unknown}";
        }

        return null;
    }
}
