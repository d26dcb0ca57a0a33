using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes the messages of a request.</summary>
internal sealed class ChatMessageWriter(ChatWriteScope scope)
{
    private readonly ChatContentWriter _content = new(scope);
    private readonly ChatHistoryWriter _history = new(scope);

    /// <summary>Writes the member <c>messages</c>.</summary>
    public void Write(Utf8JsonWriter output, ChatRequest request)
    {
        var messages = scope.IsOwn ? Unchanged(request) : MessageArranger.Arrange(request, scope.Vendor.IsOpenAI, scope.Context, scope.Dialect.Id);
        output.WriteStartArray("messages");
        for (int start = 0; start < messages.Count;)
        {
            int end = messages.FindIndex(start + 1, m => m.Role == Role.User);
            if (end < 0) end = messages.Count;
            // DeepSeek wants the reasoning of every turn that called tools for as long as the turn stands in the conversation, and of the present one.
            bool inToolLoop = end == messages.Count || messages.GetRange(start, end - start).Exists(m => m.Parts.Exists(p => p.Part is ToolCallPart));
            for (; start < end; start++) WriteMessage(output, messages[start], inToolLoop);
        }
        output.WriteEndArray();
    }

    private static List<OutgoingMessage> Unchanged(ChatRequest request)
    {
        var messages = new List<OutgoingMessage>(request.Messages.Count);
        foreach (var message in request.Messages)
        {
            var made = new OutgoingMessage(message.Role, "") { Name = message.Name, Notes = message.Notes };
            foreach (var part in message.Parts) made.Parts.Add(new PlacedPart(part, ""));
            messages.Add(made);
        }
        return messages;
    }

    private void WriteMessage(Utf8JsonWriter output, OutgoingMessage message, bool inToolLoop)
    {
        var members = scope.Members(output, message.Notes);
        if (message.Role == Role.Assistant)
        {
            WriteAssistant(members, message, inToolLoop);
        }
        else if (message.Parts is [{ Part: ToolResultPart result }])
        {
            WriteResult(members, message, result);
        }
        else
        {
            output.WriteStartObject();
            output.WriteString("role", message.Role.Value);
            _content.Write(members, message.Parts, message.Role, orNull: false);
            WriteEnd(members, message);
        }
    }

    private void WriteResult(MemberWriter members, OutgoingMessage message, ToolResultPart result)
    {
        string path = message.Parts[0].Path;
        scope.Losses.Unknown(result.Notes, scope.Dialect.Id, path);
        if (!scope.IsOwn && result.IsError == true) scope.Losses.Dropped($"{path}.is_error", "this format has no mark for failed tools");
        var parts = scope.IsOwn ? result.Content : Shared.CacheBreakpoints.OnParts(result, scope.Context);
        if (!scope.IsOwn && result.Cache is not null && ReferenceEquals(parts, result.Content)) scope.Losses.Dropped($"{path}.cache_control", "this format has no prompt-cache marker on results");
        var output = members.Output;
        output.WriteStartObject();
        bool legacy = members.Spelling.Has("~role");
        output.WriteString("role", legacy ? "function" : "tool");
        if (!legacy && !members.Silent("tool_call_id")) output.WriteString("tool_call_id", scope.CallId(result.CallId));
        var content = parts.Select((p, k) => new PlacedPart(p, $"{path}.content[{k}]")).ToList();
        _content.Write(members, content, Role.Tool, orNull: false);
        if (!scope.IsOwn && scope.Dialect.IsMistral && result.ToolName is not null) output.WriteString("name", scope.ToolName(result.ToolName));
        WriteEnd(members, message);
    }

    private void WriteAssistant(MemberWriter members, OutgoingMessage message, bool inToolLoop)
    {
        var content = new List<PlacedPart>();
        var calls = new List<PlacedPart>();
        var reasoning = new List<PlacedPart>();
        var beside = new List<PlacedPart>();
        foreach (var placed in message.Parts) Sort(placed).Add(placed);
        if (!scope.IsOwn && content.Count == 0 && calls.Count == 0 && !_history.KeepsReasoning(reasoning, inToolLoop))
        {
            // Nothing of this message can be said: an empty message of the model would be refused.
            _history.ReportReasoning(reasoning, inToolLoop);
            return;
        }
        var output = members.Output;
        output.WriteStartObject();
        output.WriteString("role", "assistant");
        _content.Write(members, content, Role.Assistant, orNull: calls.Count > 0);
        _history.WriteReasoning(members, reasoning, inToolLoop);
        _history.WriteCalls(members, calls);
        _history.WriteBeside(members, beside);
        WriteEnd(members, message);

        List<PlacedPart> Sort(PlacedPart placed) => placed.Part switch
        {
            ToolCallPart => calls,
            ReasoningPart thinking when !StandsInContent(thinking) => reasoning,
            RawPart { Type: var type } when type.StartsWith("reasoning.", StringComparison.Ordinal) => reasoning,
            RefusalPart refusal when scope.IsOwn && refusal.Notes is null && !members.Spelling.IsList("content") => beside,
            MediaPart { Kind.Value: "audio", Id: not null } => beside,
            _ => content,
        };
    }

    // Mistral's own signed reasoning goes back to it in the content, wherever the client kept it.
    private bool StandsInContent(ReasoningPart thinking) =>
        scope.IsOwn ? ThinkingContent.IsContent(thinking, scope.Dialect.Id) : scope.Dialect.IsMistral && thinking.Signature?.Family == "mistral";

    private static void WriteEnd(MemberWriter members, OutgoingMessage message)
    {
        members.Text("name", message.Name);
        if (message.Role != Role.Assistant)
        {
            foreach (string name in (ReadOnlySpan<string>)["tool_calls", "refusal", "audio", "reasoning_content", "reasoning", "reasoning_details", "function_call", "images", "annotations"]) members.Silent(name);
            if (message.Role != Role.Tool) members.Silent("tool_call_id");
        }
        else
        {
            members.Silent("tool_call_id");
        }
        members.Rest();
        members.Output.WriteEndObject();
    }
}
