using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>The tools of one request without their groups. First all are added, then named, then asked for.</summary>
internal sealed class LiftedTools(TranslationContext context)
{
    /// <summary>The member that keeps a tool out of sight until a search finds it. Without a search all are in sight, which loses nothing.</summary>
    public const string Deferred = "defer_loading";

    private readonly List<(string? Namespace, Tool Tool)> _tools = [];
    private readonly Dictionary<(string? Namespace, string Name), int> _places = [];
    private readonly Dictionary<(string Namespace, string Name), string> _names = [];
    private readonly Dictionary<string, List<string>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byGroup = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private Tool? _search;

    /// <summary>The name under which the client's own search is offered.</summary>
    public string SearchName { get; private set; } = ToolLift.Search;

    /// <summary>The tools as they are offered.</summary>
    public List<Tool> Offered { get; } = [];

    /// <summary>Adds a declared tool.</summary>
    public void Add(Tool tool, int index)
    {
        switch (tool)
        {
            case HostedTool { Type: "namespace" } group when group.Format == WireFormatId.OpenAIResponses:
                AddGroup(group.Json.ToElement(), $"tools[{index}]");
                break;
            case HostedTool { Type: ToolLift.Search } search when search.Format == WireFormatId.OpenAIResponses:
                _search ??= SearchTool(search.Json.ToElement());
                break;
            default:
                Put(null, tool);
                break;
        }
    }

    /// <summary>Adds the tools of an item of the conversation.</summary>
    public void AddItem(RawPart item)
    {
        if (item.Json.ToElement().Array("tools"u8, item.Type) is not { } tools) return;
        var read = ResponsesToolReader.ReadTools(tools);
        for (int i = 0; i < read.Count; i++) Add(read[i], i);
    }

    /// <summary>Gives every tool the name under which it is offered.</summary>
    public void Name()
    {
        foreach (var (group, tool) in _tools)
        {
            if (group is null && NameOf(tool) is { } own) _taken.Add(own);
        }
        foreach (var (group, tool) in _tools) Offered.Add(group is null || NameOf(tool) is not { } name ? tool : Renamed(tool, Claim(group, name)));
        if (_search is not FunctionTool search) return;
        SearchName = _taken.Add(search.Name) ? search.Name : Distinct("", search.Name, search.Name);
        context.DeclaredTools[SearchName] = new DeclaredTool(search.Name, Kind: ToolLift.Search);
        Offered.Add(search with { Name = SearchName });
    }

    /// <summary>The offered name of a tool that the client names. A tool that is no longer declared is named as it would have been.</summary>
    public string NameOf(string? group, string name)
    {
        if (group is not null) return Claim(group, name);
        if (_taken.Contains(name) && !context.DeclaredTools.ContainsKey(name)) return name;
        return _byName.GetValueOrDefault(name) is [var only] ? only : name;
    }

    /// <summary>The offered names of what an entry of a list of tools names: one tool, or all of a group.</summary>
    public IEnumerable<string> NamesOf(JsonElement entry)
    {
        if (entry.Text("name"u8) is not { } name) return [];
        return entry.Text("type"u8) == "namespace" ? _byGroup.GetValueOrDefault(name, []) : [NameOf(entry.Text("namespace"u8), name)];
    }

    /// <summary>The offered names of the tools that an item of the conversation holds.</summary>
    public IEnumerable<string> NamesIn(JsonElement item)
    {
        foreach (var tool in item.Array("tools"u8, "tools")?.EnumerateArray().ToArray() ?? [])
        {
            if (tool.Text("type"u8) != "namespace")
            {
                foreach (string name in NamesOf(tool)) yield return name;
                continue;
            }
            foreach (var inner in tool.Array("tools"u8, "tools")?.EnumerateArray().ToArray() ?? [])
            {
                if (inner.Text("name"u8) is { } name) yield return Claim(tool.Text("name"u8) ?? "", name);
            }
        }
    }

    private static string? NameOf(Tool tool) => tool switch
    {
        FunctionTool function => function.Name,
        CustomTool custom => custom.Name,
        _ => null,
    };

    private static Tool Renamed(Tool tool, string name) => tool switch
    {
        FunctionTool function => function with { Name = name },
        CustomTool custom => custom with { Name = name },
        _ => tool,
    };

    private static FunctionTool? SearchTool(JsonElement tool) => tool.Text("execution"u8) != "client" ? null : new FunctionTool(ToolLift.Search)
    {
        Description = tool.Text("description"u8),
        Parameters = tool.Object("parameters"u8, ToolLift.Search) is { } schema ? RawJson.From(schema) : default,
    };

    private void AddGroup(JsonElement group, string path)
    {
        string name = group.RequiredString("name"u8, path);
        if (group.Array("tools"u8, path) is not { } inner) return;
        string? about = group.Text("description"u8);
        foreach (var tool in ResponsesToolReader.ReadTools(inner))
        {
            Put(name, about is { Length: > 0 } ? Described(tool, $"{name}: {about}") : tool);
            about = null;
        }
    }

    // What a group is for stands with the first of its tools: models see no groups.
    private static Tool Described(Tool tool, string about) => tool switch
    {
        FunctionTool function => function with { Description = function.Description is { Length: > 0 } own ? $"{own}\n\n{about}" : about },
        CustomTool custom => custom with { Description = custom.Description is { Length: > 0 } own ? $"{own}\n\n{about}" : about },
        _ => tool,
    };

    // A tool that is declared again replaces the one before.
    private void Put(string? group, Tool tool)
    {
        tool = tool with { Notes = tool.Notes is { } notes ? notes with { Fields = [.. notes.Fields.Where(f => f.Key != Deferred)] } : null };
        if (NameOf(tool) is { } name && !_places.TryAdd((group, name), _tools.Count)) _tools[_places[(group, name)]] = (group, tool);
        else _tools.Add((group, tool));
    }

    private string Claim(string group, string name)
    {
        if (_names.TryGetValue((group, name), out string? claimed)) return claimed;
        // OpenAI calls a plain tool that came later by its own name as the group.
        if (group == name && !_places.ContainsKey((group, name)))
        {
            context.DeclaredTools[name] = new DeclaredTool(name, group);
            return _names[(group, name)] = name;
        }
        string offered = group.EndsWith("__", StringComparison.Ordinal) ? group + name : $"{group}__{name}";
        if (!_taken.Add(offered)) offered = Distinct(group, name, offered);
        _names[(group, name)] = offered;
        Listed(_byName, name).Add(offered);
        Listed(_byGroup, group).Add(offered);
        context.DeclaredTools[offered] = new DeclaredTool(name, group);
        return offered;
    }

    private static List<string> Listed(Dictionary<string, List<string>> lists, string key)
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        return list;
    }

    private string Distinct(string group, string name, string wanted)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{group}\0{name}")))[..8];
        string offered = $"{wanted}_{digest}";
        while (!_taken.Add(offered)) offered += "_";
        return offered;
    }
}
