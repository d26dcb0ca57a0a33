using System.Text.Json;

namespace Sluice.Simulator.Answers;

/// <summary>What the brain has to know of a request: each vendor's own reading fills it.</summary>
internal sealed class Ask
{
    public string Model { get; set; } = "";

    /// <summary>Text of the last user message, directives included.</summary>
    public string UserText { get; set; } = "";

    public string? System { get; set; }

    public List<OfferedTool> Tools { get; } = [];

    public ToolDemand Demand { get; set; }

    /// <summary>The tool that must be called, with <see cref="ToolDemand.Required"/>.</summary>
    public string? DemandedTool { get; set; }

    /// <summary>The only tools that may be called, or null for all.</summary>
    public HashSet<string>? AllowedTools { get; set; }

    public bool Parallel { get; set; } = true;

    /// <summary>Tool results at the end of the conversation, after the last turn of the model.</summary>
    public List<ToolOutput> Results { get; } = [];

    /// <summary>Images and documents of the last user message, or of the results.</summary>
    public List<Media> Media { get; } = [];

    public bool WantsJson { get; set; }

    public JsonElement? Schema { get; set; }

    public int? MaxTokens { get; set; }

    public List<string> Stops { get; } = [];

    public bool Thinks { get; set; }

    public int Count { get; set; } = 1;

    /// <summary>The model says what it is about to do before it calls a tool of its own choice.</summary>
    public bool SpeaksBeforeCalls { get; set; }

    public PromptMeter Prompt { get; } = new();

    /// <summary>A new message of the user: what came before is history.</summary>
    public void NewUserTurn()
    {
        UserText = "";
        Results.Clear();
        Media.Clear();
    }

    public void AddUserText(string text) => UserText = UserText.Length == 0 ? text : UserText + "\n" + text;

    public void AddTool(string name, JsonElement? schema, string? description)
    {
        Tools.Add(new OfferedTool(name, schema));
        Prompt.Add(name);
        Prompt.Add(description);
        if (schema is { } given)
            Prompt.Add(given.GetRawText());
    }

    public void AddMedia(Media media)
    {
        Media.Add(media);
        Prompt.AddMedia();
    }
}

internal enum ToolDemand
{
    Auto,
    None,
    Required,
}

internal sealed record OfferedTool(string Name, JsonElement? Schema);

/// <summary>A result that the client sent back; the name may be unknown to the vendor's format.</summary>
internal sealed record ToolOutput(string? Name, string Text, bool IsError = false);
