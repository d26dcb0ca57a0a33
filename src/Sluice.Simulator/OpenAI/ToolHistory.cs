using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Holds the rule of the chat API that every tool call is answered, at once, by a message that names its id, and that nothing else is.</summary>
internal sealed class ToolHistory
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly List<string> waiting = [];
    private int callsAt = -1;

    public string? NameOf(string? id) => id is not null && names.TryGetValue(id, out var name) ? name : null;

    public ProviderError? Check(JsonElement message, string? role, int index)
    {
        if (role == "tool")
        {
            if (callsAt < 0)
                return new ProviderError(400, "", "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", $"messages.[{index}].role");
            var id = message.Text("tool_call_id");
            if (id is null)
                return new ProviderError(400, "missing_required_parameter", $"Missing required parameter: 'messages[{index}].tool_call_id'.", $"messages[{index}].tool_call_id");
            if (!names.ContainsKey(id))
                return new ProviderError(400, "", $"Invalid parameter: 'tool_call_id' of '{id}' not found in 'tool_calls' of previous message.", $"messages.[{index}].tool_call_id");
            waiting.Remove(id);
            return null;
        }

        if (End() is { } unanswered)
            return unanswered;
        callsAt = -1;
        if (role != "assistant")
            return null;
        foreach (var call in message.Items("tool_calls"))
        {
            if (call.Text("id") is not { Length: > 0 } id)
                return new ProviderError(400, "missing_required_parameter", $"Missing required parameter: 'messages[{index}].tool_calls[0].id'.", $"messages[{index}].tool_calls[0].id");
            names[id] = call.Has("function", out var function) ? function.Text("name") ?? "" : "";
            waiting.Add(id);
            callsAt = index;
        }

        return null;
    }

    public ProviderError? End() => waiting.Count == 0
        ? null
        : new ProviderError(400, "", "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: " + string.Join(", ", waiting), "messages");
}
