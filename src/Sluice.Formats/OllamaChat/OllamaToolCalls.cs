using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Tool calls as Ollama spells them: arguments are an object, an id is new and optional. Opaque payloads that the provider behind the gateway wants
/// back (thinking signatures) have no field in Ollama; they ride in a member <c>sluice</c> of the call, which clients that keep the answer's message
/// send back with it.
/// </summary>
internal static class OllamaToolCalls
{
    /// <summary>The call came without an id; ours is made.</summary>
    public const string NoId = "no-id";

    private static FrozenSet<string> Known { get; } = ["id", "function", "sluice"];

    private static FrozenSet<string> KnownOfFunction { get; } = ["name", "arguments"];

    /// <summary>Reads a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="madeId">The id for a call that has none.</param>
    /// <param name="carried">Reasoning that rides with the call.</param>
    public static ToolCallPart Read(JsonElement call, string path, string madeId, out IReadOnlyList<ReasoningPart> carried)
    {
        if (call.Object("function"u8, path) is not { } function) throw new WireFormatException($"{path}.function", "is missing; an object is required");
        var notes = new NotesBuilder(WireFormatId.OllamaChat).Keep(call, Known).Keep(function, KnownOfFunction, "function.");
        string? id = call.String("id"u8, path);
        notes.Spell(NoId, string.IsNullOrEmpty(id)).Spell("id-empty", id is "");
        var arguments = function.Object("arguments"u8, $"{path}.function");
        notes.Spell("no-arguments", arguments is null);
        Signature? signature = null;
        carried = [];
        if (call.Get("sluice"u8) is { ValueKind: JsonValueKind.Object } ride) carried = CarriedReasoning.Read(ride, out signature);
        return new ToolCallPart(string.IsNullOrEmpty(id) ? madeId : id, function.RequiredString("name"u8, $"{path}.function"), arguments?.GetRawText() ?? "{}")
        {
            Signature = signature,
            Notes = notes.Build(),
        };
    }

    /// <summary>Writes a call.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="call">The call.</param>
    /// <param name="losses">Where to report.</param>
    /// <param name="path">Where it stands, for reports.</param>
    /// <param name="toClient">True in an answer: opaque payloads ride along.</param>
    /// <param name="carried">Reasoning that rides with the call.</param>
    public static void Write(Utf8JsonWriter writer, ToolCallPart call, LossReport losses, string path, bool toClient, IReadOnlyList<ReasoningPart> carried)
    {
        var id = WireFormatId.OllamaChat;
        writer.WriteStartObject();
        if (call.Notes.Has(id, "id-empty")) writer.WriteString("id"u8, "");
        else if (!call.Notes.Has(id, NoId) && call.CallId.Length > 0) writer.WriteString("id"u8, call.CallId);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, call.Name);
        if (!call.Notes.Has(id, "no-arguments"))
        {
            writer.WritePropertyName("arguments"u8);
            WriteArguments(writer, call, losses, path);
        }
        writer.WriteKeptUnder(call.Notes, id, "function.");
        writer.WriteEndObject();
        writer.WriteKept(call.Notes, id, "function.");
        losses.Unknown(call.Notes, id, path);
        if (toClient) CarriedReasoning.Write(writer, call.Signature, carried);
        else if (call.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        writer.WriteEndObject();
    }

    // One line of JSON, whatever white space the model put into its arguments: a line feed would end an NDJSON frame.
    private static void WriteArguments(Utf8JsonWriter writer, ToolCallPart call, LossReport losses, string path)
    {
        if (!call.IsCustom && IsObject(call.Arguments))
        {
            writer.WriteOneLine(call.Arguments);
            return;
        }
        if (!call.IsCustom && string.IsNullOrWhiteSpace(call.Arguments))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }
        losses.Changed($"{path}.arguments", "Ollama takes only JSON objects as arguments; the text stands under 'input'");
        writer.WriteStartObject();
        writer.WriteString("input"u8, call.Arguments);
        writer.WriteEndObject();
    }

    private static bool IsObject(string json)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        return JsonMembers.Scan(utf8, out _) is not null;
    }
}
