using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes declared tools and the choice among them.</summary>
internal sealed class ChatToolWriter(ChatWriteScope scope)
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and their relatives.</summary>
    public void Write(MemberWriter members, ChatRequest request)
    {
        var output = members.Output;
        var declared = new List<Action>();
        var functions = new List<FunctionTool>();
        bool searches = false;
        var only = Only(request.ToolChoice);
        for (int i = 0; i < request.Tools.Count; i++)
        {
            var tool = request.Tools[i];
            string path = $"tools[{i}]";
            scope.Losses.Unknown(tool.Notes, scope.Dialect.Id, path);
            if (only is not null && NameOf(tool) is { } name && !only.Contains(name)) continue;
            if (scope.IsOwn && tool is FunctionTool function && IsLegacy(function)) functions.Add(function);
            else if (tool is HostedTool hosted && IsSearchOption(hosted)) searches = WriteSearchOptions(members, hosted);
            else if (Declaration(tool, path, output) is { } declaration) declared.Add(declaration);
        }
        WriteList(members, "tools", declared);
        WriteList(members, "functions", functions.ConvertAll<Action>(f => () => WriteLegacyFunction(output, f)));
        if (!searches) members.Silent("web_search_options");
        WriteChoice(members, request);
    }

    /// <summary>Whether a tool can be declared.</summary>
    public bool Carries(Tool tool) => tool switch
    {
        FunctionTool => true,
        CustomTool => !scope.Dialect.IsMistral,
        HostedTool hosted => hosted.Format == scope.Dialect.Id || IsSearchOption(hosted) || IsOpenRouterSearch(hosted),
        _ => false,
    };

    private bool IsOpenRouterSearch(HostedTool tool) => scope.Context.Vendor == "openrouter" && HostedTools.IsWebSearch(tool);

    private static void WriteList(MemberWriter members, string name, List<Action> items)
    {
        if (items.Count == 0)
        {
            members.Silent(name);
            return;
        }
        members.Output.WriteStartArray(name);
        foreach (var item in items) item();
        members.Output.WriteEndArray();
    }

    private Action? Declaration(Tool tool, string path, Utf8JsonWriter output)
    {
        switch (tool)
        {
            case FunctionTool function:
                return () => WriteFunction(output, function, path);
            case CustomTool custom when !scope.Dialect.IsMistral:
                return () => WriteCustom(output, custom);
            case HostedTool hosted when hosted.Format == scope.Dialect.Id:
                return () => hosted.Json.WriteTo(output);
            case HostedTool hosted when IsOpenRouterSearch(hosted):
                scope.Losses.Changed(path, "the web search of another provider became this one's, without its settings");
                return () =>
                {
                    output.WriteStartObject();
                    output.WriteString("type", "openrouter:web_search");
                    output.WriteEndObject();
                };
            default:
                scope.Losses.Dropped(path, tool is HostedTool other ? $"only {other.Format} runs this tool ({other.Type})" : "this format has no tools that take free text");
                return null;
        }
    }

    private void WriteFunction(Utf8JsonWriter output, FunctionTool tool, string path)
    {
        var members = scope.Members(output, tool.Notes);
        output.WriteStartObject();
        if (!members.Spelling.Has("~type")) output.WriteString("type", "function");
        output.WriteStartObject("function");
        WriteFunctionMembers(members, tool);
        output.WriteEndObject();
        if (scope.IsOwn || scope.Vendor.TakesCacheControl) ChatCache.Write(tool.Cache, members);
        else if (tool.Cache is not null) scope.Losses.Dropped($"{path}.cache_control", "this provider takes no prompt-cache markers");
        members.Silent("custom");
        members.Rest("function", "cache_control");
        output.WriteEndObject();
    }

    private void WriteFunctionMembers(MemberWriter members, FunctionTool tool)
    {
        var function = members.Nested("function");
        function.Output.WriteString("name", scope.ToolName(tool.Name));
        function.Text("description", tool.Description);
        if (scope.Dialect.IsMistral && !scope.IsOwn && tool.Parameters.IsAbsent) function.Raw("parameters", Wire.RawJson.FromText("""{"type":"object","properties":{}}"""));
        else function.Raw("parameters", tool.Parameters);
        function.Flag("strict", tool.Strict);
        function.Rest();
    }

    private void WriteLegacyFunction(Utf8JsonWriter output, FunctionTool tool)
    {
        output.WriteStartObject();
        WriteFunctionMembers(scope.Members(output, tool.Notes), tool);
        output.WriteEndObject();
    }

    private void WriteCustom(Utf8JsonWriter output, CustomTool tool)
    {
        var members = scope.Members(output, tool.Notes);
        output.WriteStartObject();
        output.WriteString("type", "custom");
        output.WriteStartObject("custom");
        var custom = members.Nested("custom");
        output.WriteString("name", scope.ToolName(tool.Name));
        custom.Text("description", tool.Description);
        custom.Raw("format", tool.Format);
        custom.Rest();
        output.WriteEndObject();
        members.Rest("custom", "cache_control");
        output.WriteEndObject();
    }

    // OpenAI's search models take the search as a parameter of the request (platform.openai.com/docs/guides/tools-web-search, "Chat Completions").
    private bool IsSearchOption(HostedTool tool)
    {
        if (tool.Format == scope.Dialect.Id) return tool.Notes?.Shape is not null;
        return scope.Vendor.IsOpenAI && scope.Context.UpstreamModel.Contains("search", StringComparison.Ordinal) && HostedTools.IsWebSearch(tool);
    }

    private static bool WriteSearchOptions(MemberWriter members, HostedTool tool)
    {
        members.Output.WritePropertyName("web_search_options");
        if (tool.Notes?.Shape is not null) tool.Json.WriteTo(members.Output);
        else members.Output.WriteRawValue("{}"u8);
        return true;
    }

    private static bool IsLegacy(FunctionTool tool) => Shape.Has(tool.Notes, "~legacy");

    // Only OpenAI knows "one of these": elsewhere the others are not offered, which says the same.
    private HashSet<string>? Only(ToolChoice? choice) => !scope.IsOwn && choice?.Mode == "allowed" && !TakesAllowed ? choice.Allowed.ToHashSet(StringComparer.Ordinal) : null;

    private static string? NameOf(Tool tool) => tool is FunctionTool function ? function.Name : (tool as CustomTool)?.Name;

    private bool TakesAllowed => scope.Vendor.IsOpenAI && !scope.Dialect.IsMistral;

    private void WriteChoice(MemberWriter members, ChatRequest request)
    {
        var choice = request.ToolChoice;
        var spelling = Spelling.Of(choice?.Notes, scope.Dialect.Id);
        bool legacy = spelling.Has("~legacy");
        members.Silent(legacy ? "tool_choice" : "function_call");
        if (choice is null)
        {
            members.Silent("tool_choice");
            return;
        }
        if (spelling["~raw"] is { IsAbsent: false } raw)
        {
            members.Raw(legacy ? "function_call" : "tool_choice", raw);
            return;
        }
        scope.Losses.Unknown(choice.Notes, scope.Dialect.Id, "tool_choice");
        // A choice without tools is refused.
        if (request.Tools.Count == 0 || request.Tools.All(t => t is HostedTool)) return;
        WriteForeignChoice(members.Output, choice, request);
    }

    private void WriteForeignChoice(Utf8JsonWriter output, ToolChoice choice, ChatRequest request)
    {
        switch (choice.Mode)
        {
            case "auto" or "none":
                output.WriteString("tool_choice", choice.Mode);
                break;
            case "required":
                output.WriteString("tool_choice", scope.Dialect.IsMistral ? "any" : "required");
                break;
            case "tool" when choice.Name is { } name:
                output.WritePropertyName("tool_choice");
                WriteNamed(output, name, Customs(request));
                break;
            case "allowed" when TakesAllowed:
                output.WriteStartObject("tool_choice");
                output.WriteString("type", "allowed_tools");
                output.WriteStartObject("allowed_tools");
                output.WriteString("mode", choice.AllowedRequired ? "required" : "auto");
                output.WriteStartArray("tools");
                var customs = Customs(request);
                foreach (string name in choice.Allowed) WriteNamed(output, name, customs);
                output.WriteEndArray();
                output.WriteEndObject();
                output.WriteEndObject();
                break;
            case "allowed":
                scope.Losses.Changed("tool_choice", "this format has no choice among some tools: only those were offered");
                output.WriteString("tool_choice", !choice.AllowedRequired ? "auto" : scope.Dialect.IsMistral ? "any" : "required");
                break;
            default:
                scope.Losses.Dropped("tool_choice", $"this format has no such choice ({choice.Mode})");
                break;
        }
    }

    private static HashSet<string> Customs(ChatRequest request) => request.Tools.OfType<CustomTool>().Select(t => t.Name).ToHashSet(StringComparer.Ordinal);

    private void WriteNamed(Utf8JsonWriter output, string name, HashSet<string> customs)
    {
        string type = customs.Contains(name) ? "custom" : "function";
        output.WriteStartObject();
        output.WriteString("type", type);
        output.WriteStartObject(type);
        output.WriteString("name", scope.ToolName(name));
        output.WriteEndObject();
        output.WriteEndObject();
    }
}
