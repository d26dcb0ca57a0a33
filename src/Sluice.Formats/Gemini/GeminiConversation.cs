using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Puts the conversation of another format into Google's order: instructions apart, roles user and model by turns, results in a content of their
/// own right after the calls (in parallel calls, anything beside the results makes the API refuse the request).
/// </summary>
internal sealed class GeminiConversation
{
    private readonly TranslationContext _context;
    private readonly GeminiModels _model;
    private readonly Dictionary<string, string> _callNames = new(StringComparer.Ordinal);
    private GeminiTurn? _results;
    private GeminiTurn? _user;

    public GeminiConversation(ChatRequest request, TranslationContext context)
    {
        _context = context;
        _model = GeminiModels.Of(context.UpstreamModel);
        for (int start = 0; start < request.Messages.Count;)
        {
            int end = start + 1;
            // One turn may come as several messages: the Responses API sends each item by itself.
            while (end < request.Messages.Count && request.Messages[end].Role == Role.Assistant && request.Messages[start].Role == Role.Assistant) end++;
            bool isSigned = IsSigned(request.Messages, start, end);
            for (; start < end; start++) Add(request.Messages[start], $"messages[{start}]", isSigned);
        }
        if (!_model.HasSystemInstruction && System.Count > 0) MoveSystem();
        Turns.RemoveAll(t => t.Parts.Count == 0);
        // "contents" may not be empty; an empty text is taken.
        if (Turns.Count == 0) Turns.Add(new GeminiTurn(false) { Parts = { new TextPart("") } });
    }

    /// <summary>The instructions.</summary>
    public List<Part> System { get; } = [];

    /// <summary>The turns.</summary>
    public List<GeminiTurn> Turns { get; } = [];

    /// <summary>The name of the tool that a result belongs to.</summary>
    public string NameOf(ToolResultPart result) => result.ToolName ?? _callNames.GetValueOrDefault(result.CallId, "tool");

    private static bool IsSigned(IReadOnlyList<ChatMessage> messages, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (messages[i].Parts.Any(p => p.Signature is { Family: "gemini" })) return true;
        }
        return false;
    }

    private void Add(ChatMessage message, string path, bool isSigned)
    {
        if (message.Name is not null) _context.Losses.Dropped($"{path}.name", "Gemini has no names of speakers");
        _context.Losses.Unknown(message.Notes, WireFormatId.GeminiGenerate, path);
        for (int i = 0; i < message.Parts.Count; i++)
        {
            string at = $"{path}.parts[{i}]";
            // Thoughts are a summary for readers; the signature, which stands at a call or a text, is what holds the reasoning.
            if (isSigned && message.Parts[i] is ReasoningPart { Signature: null }) continue;
            if (GeminiPartFilter.Admit(message.Parts[i], at, _context) is not { } part) continue;
            if (message.Role.IsInstruction) AddInstruction(part, at);
            else if (message.Role == Role.Assistant) AddModel(part);
            else AddUser(part, at);
        }
    }

    private void AddInstruction(Part part, string path)
    {
        if (part is not TextPart)
        {
            _context.Losses.Dropped(path, "Gemini takes only text as an instruction");
            return;
        }
        if (Turns.Count > 0) _context.Losses.Changed(path, "Gemini has no instructions inside the conversation: it moved to the front");
        System.Add(part);
    }

    private void AddModel(Part part)
    {
        if (part is ToolCallPart call) _callNames[call.CallId] = call.Name;
        if (Turns is [.., { IsModel: true } last])
        {
            last.Parts.Add(part);
            return;
        }
        _results = _user = null;
        Turns.Add(new GeminiTurn(true) { Parts = { part } });
    }

    private void AddUser(Part part, string path)
    {
        if (part is not ToolResultPart result)
        {
            User().Parts.Add(part);
            return;
        }
        if (_results is null)
        {
            _results = new GeminiTurn(false);
            Turns.Insert(_user is null ? Turns.Count : Turns.IndexOf(_user), _results);
        }
        if (_model.IsGeneration3 || !result.Content.Any(p => p is MediaPart))
        {
            _results.Parts.Add(result);
            return;
        }
        // "function_response.parts is not supported for this model" (400) before Gemini 3.
        _context.Losses.Changed($"{path}.content", "this model takes no media inside a tool's result: they follow in the user's turn");
        _results.Parts.Add(result with { Content = [.. result.Content.Where(p => p is not MediaPart)] });
        User().Parts.AddRange(result.Content.Where(p => p is MediaPart));
    }

    private GeminiTurn User()
    {
        if (_user is not null) return _user;
        _user = new GeminiTurn(false);
        Turns.Add(_user);
        return _user;
    }

    private void MoveSystem()
    {
        _context.Losses.Changed("messages[0]", "Gemma has no system instruction: it moved into the first user turn");
        var first = Turns.Find(t => !t.IsModel && t.Parts is not [ToolResultPart, ..]);
        if (first is null) Turns.Insert(0, first = new GeminiTurn(false));
        first.Parts.InsertRange(0, System);
        System.Clear();
    }
}
