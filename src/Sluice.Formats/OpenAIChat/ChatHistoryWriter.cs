using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes what an assistant message of a request holds beside its content: earlier reasoning, calls, sound, refusal.</summary>
internal sealed class ChatHistoryWriter(ChatWriteScope scope)
{
    /// <summary>True when some of the reasoning will be written.</summary>
    public bool KeepsReasoning(List<PlacedPart> reasoning, bool inToolLoop) =>
        scope.Vendor.TakesReasoningDetails ? reasoning.Count > 0 : TextMember(inToolLoop) is not null && reasoning.Exists(p => p.Part is ReasoningPart { Text.Length: > 0 });

    /// <summary>Writes earlier reasoning as the vendor takes it, and reports what it does not take.</summary>
    public void WriteReasoning(MemberWriter members, List<PlacedPart> reasoning, bool inToolLoop)
    {
        if (scope.IsOwn)
        {
            ChatReasoningWriter.WriteOwn(members, reasoning.ConvertAll(p => p.Part), scope.Dialect.Id);
            return;
        }
        ReportReasoning(reasoning, inToolLoop);
        if (reasoning.Count == 0) return;
        if (scope.Vendor.TakesReasoningDetails) WriteDetails(members.Output, reasoning);
        else if (TextMember(inToolLoop) is { } member && JoinText(reasoning) is { Length: > 0 } text) members.Output.WriteString(member, text);
    }

    /// <summary>Reports the reasoning that cannot be sent back.</summary>
    public void ReportReasoning(List<PlacedPart> reasoning, bool inToolLoop)
    {
        foreach (var (part, path) in reasoning)
        {
            scope.Losses.Unknown(part.Notes, scope.Dialect.Id, path);
            if (scope.Vendor.TakesReasoningDetails)
            {
                if (part.Signature is { } signature && !ReasoningFamilies.Serves(scope.Context.UpstreamModel, signature.Family)) scope.Losses.Dropped($"{path}.signature", "made by another model family");
            }
            else if (TextMember(inToolLoop) is null || part is not ReasoningPart { Text.Length: > 0 })
            {
                string why = scope.Vendor.ReasoningMember is null ? "this provider takes no earlier reasoning back" : "this provider takes earlier reasoning back only as text, within a tool loop";
                scope.Losses.Dropped(path, why);
            }
            else if (part.Signature is not null)
            {
                scope.Losses.Dropped($"{path}.signature", "made by another model family");
            }
        }
    }

    /// <summary>Writes <c>tool_calls</c>.</summary>
    public void WriteCalls(MemberWriter members, List<PlacedPart> calls)
    {
        var output = members.Output;
        bool legacy = scope.IsOwn && calls is [{ Part.Notes: { } notes }] && Shape.Has(notes, "~legacy");
        if (legacy)
        {
            var call = (ToolCallPart)calls[0].Part;
            output.WriteStartObject("function_call");
            output.WriteString("name", call.Name);
            output.WriteString("arguments", call.Arguments);
            output.WriteEndObject();
            members.Silent("tool_calls");
            return;
        }
        members.Silent("function_call");
        if (calls.Count == 0)
        {
            members.Silent("tool_calls");
            return;
        }
        output.WriteStartArray("tool_calls");
        foreach (var (part, path) in calls) WriteCall(output, (ToolCallPart)part, path);
        output.WriteEndArray();
    }

    /// <summary>Writes what stands beside the content.</summary>
    public void WriteBeside(MemberWriter members, List<PlacedPart> beside)
    {
        bool audio = false, refused = false;
        foreach (var (part, path) in beside)
        {
            if (part is RefusalPart refusal)
            {
                members.Output.WriteString("refusal", refusal.Text);
                refused = true;
            }
            else if (part is MediaPart media && scope.IsOwn)
            {
                ChatAudio.Write(members.Output, media, scope.Dialect.Id);
                audio = true;
            }
            else
            {
                scope.Losses.Dropped(path, "sound that another provider made");
            }
        }
        if (!audio) members.Silent("audio");
        if (!refused) members.Silent("refusal");
        members.Silent("images");
        members.Silent("annotations");
    }

    private string? TextMember(bool inToolLoop) => scope.Vendor.ReasoningMember == "reasoning_content" && !inToolLoop ? null : scope.Vendor.ReasoningMember;

    private static string JoinText(List<PlacedPart> reasoning) => string.Join("\n\n", reasoning.Select(p => p.Part).OfType<ReasoningPart>().Where(p => p.Text.Length > 0).Select(p => p.Text));

    private void WriteDetails(Utf8JsonWriter output, List<PlacedPart> reasoning)
    {
        output.WriteStartArray("reasoning_details");
        int index = 0;
        foreach (var (part, _) in reasoning)
        {
            if (part is not ReasoningPart thinking) continue;
            bool serves = thinking.Signature is { } signature && ReasoningFamilies.Serves(scope.Context.UpstreamModel, signature.Family);
            if (!serves && thinking.Text.Length == 0) continue;
            ReasoningDetails.Write(output, serves ? thinking : thinking with { Signature = null }, scope.Dialect.Id, index++);
        }
        output.WriteEndArray();
    }

    private void WriteCall(Utf8JsonWriter output, ToolCallPart call, string path)
    {
        scope.Losses.Unknown(call.Notes, scope.Dialect.Id, path);
        var members = scope.Members(output, call.Notes);
        output.WriteStartObject();
        if (!members.Silent("id")) output.WriteString("id", scope.CallId(call.CallId));
        if (call.IsCustom && scope.Dialect.IsMistral) call = call with { IsCustom = false, Arguments = FunctionArguments.Of(call, "Mistral", path, scope.Losses) };
        string type = call.IsCustom ? "custom" : "function";
        WriteType(members, type);
        output.WriteStartObject(type);
        var called = members.Nested(type);
        if (!called.Silent("name")) output.WriteString("name", scope.ToolName(call.Name));
        string content = call.IsCustom ? "input" : "arguments";
        if (members.Spelling.Has("~arguments")) called.Raw(content, Wire.RawJson.FromText(call.Arguments));
        else if (!called.Silent(content)) output.WriteString(content, call.Arguments);
        called.Rest();
        output.WriteEndObject();
        members.Silent("index");
        if (!call.IsCustom) members.Silent("custom");
        WriteSignature(members, call, path);
        members.Rest(type);
        output.WriteEndObject();
    }

    private void WriteType(MemberWriter members, string type)
    {
        if (members.Spelling.Text("~type") is { } spelled) members.Output.WriteString("type", spelled);
        else if (!members.Silent("type") && !scope.IsOwn) members.Output.WriteString("type", type);
    }

    private void WriteSignature(MemberWriter members, ToolCallPart call, string path)
    {
        if (call.Signature is not { } signature)
        {
            members.Silent("extra_content");
            return;
        }
        if (members.Spelling["~extra_content"] is { IsAbsent: false } spelled) members.Raw("extra_content", spelled);
        else if (scope.IsOwn || (scope.Vendor.TakesThoughtSignatures && signature.Family == "gemini")) ThoughtSignature.Write(members.Output, signature);
        else scope.Losses.Dropped($"{path}.signature", "made by another model family");
    }
}
