using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// Lifts what agents of this format declare in groups into plain tools that every format knows: <c>namespace</c> tools, <c>additional_tools</c> items, tools that
/// a search has found. A tool of a group is offered as <c>namespace__name</c>; its calls come back under the name and the namespace that the client knows.
/// Source: openai-node <c>resources/responses/responses.ts</c>, <c>NamespaceTool</c>, <c>AdditionalTools</c>, <c>ToolSearchTool</c>.
/// </summary>
internal static class ToolLift
{
    /// <summary>The kind of a tool search that the client runs.</summary>
    public const string Search = "tool_search";

    private const string Namespace = "namespace";

    /// <summary>Gives the request in words of other formats; the same object where there is nothing to lift.</summary>
    public static ChatRequest Lift(ChatRequest request, TranslationContext context)
    {
        if (!request.Tools.Any(IsGroup) && !request.Messages.Any(m => m.Parts.Any(IsLifted))) return request;
        var tools = new LiftedTools(context);
        for (int i = 0; i < request.Tools.Count; i++) tools.Add(request.Tools[i], i);
        foreach (var raw in request.Messages.SelectMany(m => m.Parts).OfType<RawPart>().Where(HoldsTools)) tools.AddItem(raw);
        tools.Name();
        return request with
        {
            Tools = tools.Offered,
            ToolChoice = request.ToolChoice is { } choice ? Choice(choice, tools) : null,
            Messages = [.. request.Messages.Select(m => Message(m, tools)).OfType<ChatMessage>()],
        };
    }

    /// <summary>A call's tool as the client declared it.</summary>
    public static DeclaredTool Declared(ToolCallPart call, TranslationContext context) =>
        context.DeclaredTools.TryGetValue(call.Name, out var declared) ? declared : new DeclaredTool(call.Name);

    /// <summary>How the id of a call's item begins.</summary>
    public static string IdPrefix(ToolCallPart call, TranslationContext context) => Declared(call, context).Kind == Search ? "tsc_" : call.IsCustom ? "ctc_" : "fc_";

    private static bool IsGroup(Tool tool) => tool switch
    {
        HostedTool { Type: Namespace or Search } hosted => hosted.Format == WireFormatId.OpenAIResponses,
        _ => tool.Notes?.Fields.Any(f => f.Key == LiftedTools.Deferred) == true,
    };

    private static bool IsLifted(Part part) => part switch
    {
        RawPart raw => HoldsTools(raw) || IsSearch(raw),
        ToolCallPart call => NamespaceOf(call.Notes) is not null,
        ServerToolCallPart { Name: Search } server => ResponsesNotes.IsNative(server.Notes),
        _ => false,
    };

    private static bool HoldsTools(RawPart raw) => raw.Format == WireFormatId.OpenAIResponses && raw.Type is "additional_tools" or "tool_search_output";

    private static bool IsSearch(RawPart raw) => raw.Format == WireFormatId.OpenAIResponses && raw.Type is "tool_search_call";

    private static string? NamespaceOf(WireNotes? notes)
    {
        foreach (var (name, value) in notes?.Fields ?? [])
        {
            if (name == Namespace && value.ToElement() is { ValueKind: JsonValueKind.String } text) return text.GetString();
        }
        return null;
    }

    private static ChatMessage? Message(ChatMessage message, LiftedTools tools)
    {
        if (!message.Parts.Any(IsLifted)) return message;
        var parts = message.Parts.Select(p => IsLifted(p) ? Reworded(p, tools) : p).OfType<Part>().ToList();
        return parts.Count == 0 ? null : message with { Parts = parts };
    }

    private static Part? Reworded(Part part, LiftedTools tools) => part switch
    {
        ToolCallPart call => call with { Name = tools.NameOf(NamespaceOf(call.Notes), call.Name), Notes = WithoutNamespace(call.Notes!) },
        RawPart raw when IsSearch(raw) => SearchCall(raw.Json.ToElement(), tools),
        RawPart { Type: "tool_search_output" } raw => SearchResult(raw.Json.ToElement(), tools),
        // Its tools are offered from the beginning.
        _ => null,
    };

    private static ToolCallPart? SearchCall(JsonElement item, LiftedTools tools) =>
        item.Text("call_id"u8) is { } id ? new ToolCallPart(id, tools.SearchName, item.Get("arguments"u8) is { } arguments ? arguments.GetRawText() : "{}") : null;

    // A search that the provider ran has no id: there is nothing that a result could belong to.
    private static ToolResultPart? SearchResult(JsonElement item, LiftedTools tools)
    {
        if (item.Text("call_id"u8) is not { } id || item.Text("execution"u8) == "server") return null;
        string found = string.Join(", ", tools.NamesIn(item));
        return new ToolResultPart(id, [new TextPart(found.Length == 0 ? "No tools were found." : $"Tools that can be called now: {found}")]);
    }

    private static WireNotes WithoutNamespace(WireNotes notes) => notes with { Fields = [.. notes.Fields.Where(f => f.Key != Namespace)] };

    private static ToolChoice Choice(ToolChoice choice, LiftedTools tools)
    {
        if (choice.Mode == "tool") return choice with { Name = tools.NameOf(NamespaceOf(choice.Notes), choice.Name ?? ""), Notes = choice.Notes is { } notes ? WithoutNamespace(notes) : null };
        if (choice.Mode != "allowed") return choice;
        var listed = ResponsesNotes.Silent(choice.Notes, "tools");
        if (listed.IsAbsent) return choice;
        return choice with { Allowed = [.. listed.ToElement().EnumerateArray().SelectMany(tools.NamesOf).Distinct()] };
    }
}
