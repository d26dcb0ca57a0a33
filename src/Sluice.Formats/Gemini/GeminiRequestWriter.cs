using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes a <c>generateContent</c> body. The model and whether it streams stand in the path.</summary>
internal static class GeminiRequestWriter
{
    /// <summary>Writes the members of the body into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ChatRequest request, TranslationContext context)
    {
        if (IsOwn(context)) WriteOwn(writer, request, context);
        else WriteForeign(writer, request, context);
    }

    /// <summary>Did the client speak this format? Then its conversation keeps its shape.</summary>
    public static bool IsOwn(TranslationContext context) => context.ClientFormat == WireFormatId.GeminiGenerate || context.ClientFormat == WireFormatId.GeminiCountTokens;

    private static void WriteOwn(Utf8JsonWriter writer, ChatRequest request, TranslationContext context)
    {
        var notes = new GeminiNotes(request.Notes);
        if (notes.Has("model")) writer.WriteString("model"u8, $"models/{context.UpstreamModel}");
        bool isOpen = false;
        for (int i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message.Role == Role.System)
            {
                writer.WritePropertyName(notes.Name("systemInstruction"));
                WriteContent(writer, message, $"messages[{i}]", context);
                continue;
            }
            if (!isOpen && !notes.Has("onecontent")) writer.WriteStartArray("contents"u8);
            else if (!isOpen) writer.WritePropertyName("contents"u8);
            isOpen = true;
            WriteContent(writer, message, $"messages[{i}]", context);
        }
        if (!isOpen) writer.WriteStartArray("contents"u8);
        if (!isOpen || !notes.Has("onecontent")) writer.WriteEndArray();
        GeminiOwnToolWriter.Write(writer, request, notes);
        GeminiConfigWriter.Write(writer, request, context, notes);
        if (request.ServiceTier is not null) writer.WriteString(notes.Name("serviceTier"), notes.Value("serviceTier") ?? GeminiServiceTiers.FromNeutral(request.ServiceTier) ?? request.ServiceTier);
        if (request.Store is { } store) writer.WriteBoolean("store"u8, store);
        notes.WriteFields(writer);
    }

    private static void WriteContent(Utf8JsonWriter writer, ChatMessage message, string path, TranslationContext context)
    {
        var notes = new GeminiNotes(message.Notes);
        writer.WriteStartObject();
        if (notes.Has("onepart") && message.Parts is [var only])
        {
            writer.WritePropertyName("parts"u8);
            GeminiPartWriter.Write(writer, only, only.Signature?.Value);
        }
        else if (!notes.Has("noparts"))
        {
            writer.WriteStartArray("parts"u8);
            WriteOwnParts(writer, message, path, context);
            writer.WriteEndArray();
        }
        if (notes.Value("role") is { } word) writer.WriteString("role"u8, word);
        else if (!notes.Has("norole") && !message.Role.IsInstruction) writer.WriteString("role"u8, message.Role == Role.Assistant ? "model"u8 : "user"u8);
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    private static void WriteOwnParts(Utf8JsonWriter writer, ChatMessage message, string path, TranslationContext context)
    {
        bool lostSignature = false;
        for (int i = 0; i < message.Parts.Count; i++)
        {
            var part = GeminiPartFilter.WithoutForeignSignature(message.Parts[i], $"{path}.parts[{i}]", context.Losses);
            bool isForeign = !ReferenceEquals(part, message.Parts[i]);
            lostSignature |= isForeign;
            // What another model thought says nothing to this one, and an empty text only carried the signature.
            if (isForeign && part is (ReasoningPart or TextPart { Text.Length: 0 })) continue;
            string? signature = part.Signature?.Value;
            if (part is ToolCallPart && signature is null && lostSignature && GeminiModels.Of(context.UpstreamModel).IsGeneration3)
            {
                signature = GeminiSignatures.SkipValidator;
                lostSignature = false;
            }
            GeminiPartWriter.Write(writer, part, signature);
        }
    }

    private static void WriteForeign(Utf8JsonWriter writer, ChatRequest request, TranslationContext context)
    {
        var conversation = new GeminiConversation(request, context);
        var names = new GeminiToolNames(request, context);
        bool isChecked = GeminiModels.Of(context.UpstreamModel).IsGeneration3;
        if (conversation.System.Count > 0)
        {
            writer.WriteStartObject("systemInstruction"u8);
            WriteParts(writer, conversation.System, conversation, names, false);
            writer.WriteEndObject();
        }
        writer.WriteStartArray("contents"u8);
        foreach (var turn in conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.IsModel ? "model"u8 : "user"u8);
            bool isUnsigned = isChecked && turn.IsModel && !turn.Parts.Exists(p => p is ToolCallPart { Signature: not null });
            WriteParts(writer, turn.Parts, conversation, names, isUnsigned);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        GeminiToolWriter.Write(writer, request, context, names);
        GeminiConfigWriter.Write(writer, request, context, default);
        GeminiLosses.Report(request, context);
        if (request.ServiceTier is { } tier && GeminiServiceTiers.FromNeutral(tier) is { Length: > 0 } word && context.Vendor != "vertex") writer.WriteString("serviceTier"u8, word);
    }

    private static void WriteParts(Utf8JsonWriter writer, List<Part> parts, GeminiConversation conversation, GeminiToolNames names, bool skipCheck)
    {
        writer.WriteStartArray("parts"u8);
        foreach (var part in parts)
        {
            string? signature = part.Signature?.Value;
            if (skipCheck && part is ToolCallPart)
            {
                signature = GeminiSignatures.SkipValidator;
                skipCheck = false;
            }
            string? name = part switch
            {
                ToolCallPart call => names.Of(call.Name),
                ToolResultPart result => names.Of(conversation.NameOf(result)),
                _ => null,
            };
            GeminiPartWriter.Write(writer, part, signature, name);
        }
        writer.WriteEndArray();
    }
}
