using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>What the API refuses in a conversation: calls without results, results without calls, empty texts, and thinking that is not its own.</summary>
internal sealed class MessagesRules(SimulatedCall call, JsonElement root, JsonElement messages)
{
    public const string Thinking = "anthropic-thinking";
    public const string Redacted = "anthropic-redacted";

    private readonly bool signed = call.Stage.Options.RequireSignatures || call.Model!.Contains("signed", StringComparison.OrdinalIgnoreCase);
    private readonly bool thinks = root.Has("thinking", out var thinking) && thinking.Text("type") is "enabled" or "adaptive";

    /// <summary>The first fault in the API's words, or null.</summary>
    public string? Check()
    {
        var waiting = new List<string>();
        var list = messages.EnumerateArray().ToList();
        for (var i = 0; i < list.Count; i++)
        {
            var role = list[i].Text("role");
            if (role is not ("user" or "assistant" or "system"))
                return $"messages.{i}.role: Input should be 'user' or 'assistant'";
            if (!list[i].Has("content", out var content))
                return $"messages.{i}.content: Field required";
            var last = i == list.Count - 1 && role == "assistant";
            if (!last && (content.ValueKind == JsonValueKind.String ? content.GetString()!.Length == 0 : !content.Items().MoveNext()))
                return $"messages.{i}: all messages must have non-empty content except for the optional final assistant message";
            if ((role == "assistant" ? CheckAssistant(i, content, waiting) : CheckUser(i, content, waiting)) is { } wrong)
                return wrong;
        }

        return waiting.Count > 0 ? Unanswered(list.Count - 1, waiting) : signed ? CheckToolTurns(list) : null;
    }

    private static string? CheckUser(int index, JsonElement content, List<string> waiting)
    {
        var at = -1;
        var answered = new List<string>();
        foreach (var block in content.Items())
        {
            at++;
            if (block.Text("type") == "text" && string.IsNullOrEmpty(block.Text("text")))
                return "messages: text content blocks must be non-empty";

            if (block.Text("type") != "tool_result")
                continue;
            var id = block.Text("tool_use_id") ?? "";
            if (!waiting.Contains(id))
                return $"messages.{index}.content.{at}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";

            answered.Add(id);
        }

        waiting.RemoveAll(answered.Contains);
        return waiting.Count > 0 ? Unanswered(index - 1, waiting) : null;
    }

    private string? CheckAssistant(int index, JsonElement content, List<string> waiting)
    {
        if (waiting.Count > 0)
            return Unanswered(index - 1, waiting);
        var at = -1;
        foreach (var block in content.Items())
        {
            at++;
            switch (block.Text("type"))
            {
                case "text" when string.IsNullOrEmpty(block.Text("text")):
                    return "messages: text content blocks must be non-empty";
                case "tool_use":
                    var id = block.Text("id") ?? "";
                    if (id.Length == 0 || id.AsSpan().ContainsAnyExcept(Word))
                        return $"messages.{index}.content.{at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
                    if (!block.Has("input", out var input) || input.ValueKind != JsonValueKind.Object)
                        return $"messages.{index}.content.{at}.tool_use.input: Input should be a valid dictionary";
                    waiting.Add(id);
                    break;
                case "thinking" when signed && !IsSigned(block):
                    return $"messages.{index}.content.{at}: Invalid `signature` in `thinking` block";
                case "redacted_thinking" when signed && !(Signer.Decode(block.Text("data") ?? "") is { } token && call.Stage.Signer.IsSealed(Redacted, token)):
                    return $"messages.{index}.content.{at}: Invalid `data` in `redacted_thinking` block";
            }
        }

        return null;
    }

    /// <summary>With thinking on, every tool-calling turn since the user last spoke begins with its thinking.</summary>
    private string? CheckToolTurns(List<JsonElement> list)
    {
        if (!thinks)
            return null;
        for (var i = list.Count - 1; i >= 0; i--)
        {
            list[i].Has("content", out var content);
            if (list[i].Text("role") == "user" && !content.Items().Any(block => block.Text("type") == "tool_result"))
                return null;
            var blocks = content.Items().ToList();
            if (list[i].Text("role") == "assistant" && blocks.Exists(block => block.Text("type") == "tool_use")
                && blocks[0].Text("type") is not ("thinking" or "redacted_thinking"))
                return $"messages.{i}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{blocks[0].Text("type")}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking";
        }

        return null;
    }

    private bool IsSigned(JsonElement block) =>
        Signer.Decode(block.Text("signature") ?? "") is { Length: 32 } signature && call.Stage.Signer.IsSignature(Thinking, block.Text("thinking") ?? "", signature);

    private static string Unanswered(int index, List<string> waiting) =>
        $"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", waiting)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";

    private static readonly System.Buffers.SearchValues<char> Word = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}
