using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads parts, of a client's conversation or of a provider's answer.</summary>
internal sealed class GeminiPartReader
{
    private const string Family = "gemini";
    private readonly GeminiCalls? _calls;
    private readonly TranslationContext? _context;
    private readonly HashSet<string> _customTools = [];

    /// <summary>For a conversation that a client sends.</summary>
    public GeminiPartReader(GeminiCalls calls) => _calls = calls;

    /// <summary>For the answer of a provider.</summary>
    public GeminiPartReader(TranslationContext context)
    {
        _context = context;
        foreach (var tool in context.Request?.Tools ?? [])
        {
            if (tool is CustomTool custom) _customTools.Add(custom.Name);
        }
    }

    public List<Part> ReadAll(JsonElement parts, string path)
    {
        var read = new List<Part>(parts.GetArrayLength());
        foreach (var part in parts.EnumerateArray()) read.Add(Read(part, _calls is null ? path : $"{path}[{read.Count}]"));
        return read;
    }

    public Part Read(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        var head = GeminiPartHead.Read(part);
        return Read(part, ref head, path);
    }

    public Part Read(JsonElement whole, ref GeminiPartHead head, string path)
    {
        // An interim picture that the model drew while thinking is no answer for clients of other formats.
        if (head is { IsThought: true, Kind: not (null or "text") }) return new RawPart(WireFormatId.GeminiGenerate, $"thought.{head.Kind}", RawJson.From(whole));
        Part? read = head.Kind switch
        {
            "text" => Text(ref head, path),
            "inlineData" => InlineData(ref head, path, isReceived: _calls is not null),
            "fileData" => FileData(ref head, path),
            "functionCall" => FunctionCall(ref head, path),
            "functionResponse" => FunctionResponse(ref head, path),
            "executableCode" => GeminiServerTools.Code(ref head),
            "codeExecutionResult" => GeminiServerTools.CodeResult(ref head),
            "toolCall" => GeminiServerTools.Call(ref head, path),
            "toolResponse" => GeminiServerTools.Result(ref head, path),
            _ => null,
        };
        if (read is null)
        {
            if (head.Signature is null) return new RawPart(WireFormatId.GeminiGenerate, FirstName(whole), RawJson.From(whole));
            head.Notes.Mark("notext");
            read = head.IsThought ? new ReasoningPart("") : new TextPart("");
        }
        bool isRedacted = false;
        if (head.Signature is { } value)
        {
            var signature = SignatureOf(value, out string? id, out isRedacted);
            read = read with { Signature = signature, Id = id };
        }
        if (isRedacted && read is ReasoningPart reasoning) read = reasoning with { IsRedacted = true };
        return head.Notes.Build() is { } notes ? read with { Notes = notes } : read;
    }

    /// <summary>The signature of an answer's part, or of a part that a client gives back.</summary>
    private Signature SignatureOf(string value, out string? id, out bool isRedacted)
    {
        id = null;
        isRedacted = false;
        return _calls is null ? new Signature(value, Family) : GeminiSignatures.Read(value, out id, out isRedacted);
    }

    private static Part Text(ref GeminiPartHead head, string path)
    {
        string text = head.Data.ValueKind == JsonValueKind.String ? head.Data.GetString()! : throw new WireFormatException(JsonReading.Join(path, "text"u8), "must be a string");
        return head.IsThought ? new ReasoningPart(text) { IsSummary = true } : new TextPart(text);
    }

    private static MediaPart InlineData(ref GeminiPartHead head, string path, bool isReceived)
    {
        string? mediaType = null, data = null, title = null;
        foreach (var member in Members(head.Data, path, "inlineData"))
        {
            switch (head.Notes.Name(member, "inlineData."))
            {
                case null: break;
                case "mimeType": mediaType = StringOf(member, path); break;
                case "data": data = StringOf(member, path); break;
                case "displayName": title = StringOf(member, path); break;
                default: head.Notes.Keep(member, "inlineData."); break;
            }
        }
        if (data is null) throw new WireFormatException(JsonReading.Join(path, "inlineData.data"u8), "is missing; base64 is required");
        if (mediaType is null) head.Notes.Mark("nomime");
        string standard = GeminiMedia.Standard(data);
        if (!ReferenceEquals(standard, data)) head.Notes.Mark("urlsafe");
        if (isReceived) ReceivedMedia.TypedBytes(standard, mediaType, JsonReading.Join(path, "inlineData.data"u8), JsonReading.Join(path, "inlineData.mimeType"u8));
        return new MediaPart(GeminiMedia.Kind(mediaType), new InlineMedia(standard) { MediaType = mediaType }) { Title = title };
    }

    private static MediaPart FileData(ref GeminiPartHead head, string path)
    {
        string? mediaType = null, uri = null, title = null;
        foreach (var member in Members(head.Data, path, "fileData"))
        {
            switch (head.Notes.Name(member, "fileData."))
            {
                case null: break;
                case "mimeType": mediaType = StringOf(member, path); break;
                case "fileUri": uri = StringOf(member, path); break;
                case "displayName": title = StringOf(member, path); break;
                default: head.Notes.Keep(member, "fileData."); break;
            }
        }
        if (string.IsNullOrWhiteSpace(uri)) throw new WireFormatException(JsonReading.Join(path, "fileData.fileUri"u8), "is missing; an address is required");
        if (mediaType is null) head.Notes.Mark("nomime");
        return new MediaPart(GeminiMedia.Kind(mediaType, uri), GeminiMedia.Source(uri, mediaType)) { Title = title };
    }

    private ToolCallPart FunctionCall(ref GeminiPartHead head, string path)
    {
        string? id = null, name = null, arguments = null;
        foreach (var member in Members(head.Data, path, "functionCall"))
        {
            switch (head.Notes.Name(member, "functionCall."))
            {
                case null: break;
                case "id": id = StringOf(member, path); break;
                case "name": name = StringOf(member, path); break;
                case "args": arguments = ArgumentsOf(member.Value, path); break;
                default: head.Notes.Keep(member, "functionCall."); break;
            }
        }
        if (name is null) throw new WireFormatException(JsonReading.Join(path, "functionCall.name"u8), "is missing; a string is required");
        if (string.IsNullOrEmpty(id)) head.Notes.Mark("noid");
        if (arguments is null) head.Notes.Mark("noargs");
        return Call(id, name, arguments ?? "{}");
    }

    /// <summary>A call as the client's conversation knows it: with an id, under the tool's own name, and with free text where the tool takes that.</summary>
    public ToolCallPart Call(string? wireId, string wireName, string arguments)
    {
        if (_calls is not null) return new ToolCallPart(_calls.Add(wireId, wireName), wireName, arguments);
        string name = _context!.RenamedTools.GetValueOrDefault(wireName, wireName);
        string id = string.IsNullOrEmpty(wireId) ? _context.Ids.Next("call_") : wireId;
        bool isCustom = _customTools.Contains(name);
        return new ToolCallPart(id, name, isCustom ? GeminiArguments.ToFreeText(arguments) : arguments) { IsCustom = isCustom };
    }

    private ToolResultPart FunctionResponse(ref GeminiPartHead head, string path)
    {
        string? id = null, name = null;
        RawJson response = default;
        List<Part>? media = null;
        string text = "";
        bool? isError = null;
        foreach (var member in Members(head.Data, path, "functionResponse"))
        {
            switch (head.Notes.Name(member, "functionResponse."))
            {
                case null: break;
                case "id": id = StringOf(member, path); break;
                case "name": name = StringOf(member, path); break;
                case "parts" when member.Value.ValueKind == JsonValueKind.Array: media = ReadAll(member.Value, $"{path}.functionResponse.parts"); break;
                case "response":
                    response = RawJson.From(member.Value);
                    (text, isError) = GeminiResults.TextOf(member.Value);
                    break;
                default: head.Notes.Keep(member, "functionResponse."); break;
            }
        }
        if (string.IsNullOrEmpty(id)) head.Notes.Mark("noid");
        if (name is null) head.Notes.Mark("noname");
        if (response.IsAbsent) head.Notes.Mark("noresponse");
        string callId = _calls?.Answer(id, name ?? "") ?? id ?? "";
        if (!string.IsNullOrEmpty(id) && callId != id) head.Notes.Mark("wireId", id);
        List<Part> content = media is null ? [] : media;
        if (media is null || text.Length > 0) content.Insert(0, new TextPart(text));
        return new ToolResultPart(callId, content) { ToolName = name, Structured = response, IsError = isError };
    }

    private static string ArgumentsOf(JsonElement args, string path) =>
        args.ValueKind == JsonValueKind.Object ? args.GetRawText() : throw new WireFormatException(JsonReading.Join(path, "functionCall.args"u8), "must be an object");

    /// <summary>The members of the object that a part is made of.</summary>
    public static JsonElement.ObjectEnumerator Members(JsonElement data, string path, string name) =>
        data.ValueKind == JsonValueKind.Object ? data.EnumerateObject() : throw new WireFormatException(path.Length == 0 ? name : $"{path}.{name}", "must be an object");

    private static string StringOf(JsonProperty member, string path) =>
        member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new WireFormatException($"{path}.{member.Name}", "must be a string");

    private static string FirstName(JsonElement part)
    {
        foreach (var member in part.EnumerateObject()) return member.Name;
        return "empty";
    }
}
