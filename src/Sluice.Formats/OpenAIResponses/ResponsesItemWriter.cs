using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes single items and content parts, as they stand both in requests and in answers.</summary>
internal static class ResponsesItemWriter
{
    /// <summary>Writes a reasoning item.</summary>
    public static void Reasoning(Utf8JsonWriter json, ReasoningPart part, string? id, string? payload)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, part.Notes);
        members.String("id", id);
        members.Type("reasoning");
        if (!members.Kept("summary"))
        {
            members.Name("summary");
            Texts(json, Summary(part, members.IsNative), "summary_text"u8);
        }
        if (!members.Kept("content") && members.IsNative && !part.IsSummary && part.Text.Length > 0)
        {
            members.Name("content");
            Texts(json, [part.Text], "reasoning_text"u8);
        }
        members.String("encrypted_content", payload);
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>
    /// The paragraphs that are shown as a summary. Reasoning of other formats is all shown so: that is the place where clients of this format
    /// look for it.
    /// </summary>
    public static IReadOnlyList<string> Summary(ReasoningPart part, bool isNative) =>
        part.SummaryParagraphs.Count > 0 ? part.SummaryParagraphs : (!isNative || part.IsSummary) && part.Text.Length > 0 ? [part.Text] : [];

    /// <summary>Writes a call.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="part">The call.</param>
    /// <param name="id">The item's id.</param>
    /// <param name="callId">The call's id.</param>
    /// <param name="tool">The tool as it is called there.</param>
    /// <param name="arguments">The arguments so far.</param>
    /// <param name="status">The item's status; <see langword="null"/> in requests.</param>
    public static void Call(Utf8JsonWriter json, ToolCallPart part, string? id, string callId, DeclaredTool tool, string arguments, string? status)
    {
        if (tool.Kind == ToolLift.Search)
        {
            SearchCall(json, id, callId, arguments, status);
            return;
        }
        json.WriteStartObject();
        var members = new ResponsesMembers(json, part.Notes);
        members.String("id", id);
        members.Type(part.IsCustom ? "custom_tool_call" : "function_call");
        if (status is not null && !members.Kept("status") && !part.IsCustom) members.Default("status", status);
        members.String("call_id", callId);
        members.String("name", tool.Name);
        members.String("namespace", tool.Namespace);
        string member = part.IsCustom ? "input" : "arguments";
        if (!members.Kept(member)) members.String(member, arguments);
        members.Rest();
        json.WriteEndObject();
    }

    // The client searches its tools itself; its arguments are an object, not a text.
    private static void SearchCall(Utf8JsonWriter json, string? id, string callId, string arguments, string? status)
    {
        json.WriteStartObject();
        if (id is not null) json.WriteString("id"u8, id);
        json.WriteString("type"u8, "tool_search_call"u8);
        json.WriteString("execution"u8, "client"u8);
        if (status is not null) json.WriteString("status"u8, status);
        json.WriteString("call_id"u8, callId);
        json.WritePropertyName("arguments"u8);
        if (FunctionArguments.IsObject(arguments)) json.WriteRawValue(arguments, skipInputValidation: true);
        else
        {
            json.WriteStartObject();
            if (arguments.Length > 0) json.WriteString("query"u8, arguments);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>Writes a picture that the model made.</summary>
    public static void Picture(Utf8JsonWriter json, MediaPart part, string id, string base64, string status)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, part.Notes);
        members.String("id", id);
        members.Type("image_generation_call");
        members.Default("status", status);
        members.Raw("result", base64.Length > 0 ? new RawJson(Json.JsonOutput.QuotedString(base64)) : new RawJson("null"u8.ToArray()));
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>Writes a text part. Output texts always have their lists of annotations and token probabilities: strict clients want them.</summary>
    public static void Text(Utf8JsonWriter json, TextPart part, string type, IReadOnlyList<TokenLogprob>? logprobs, TranslationContext context)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, part.Notes);
        members.Type(type);
        members.String("text", part.Text);
        bool output = type == "output_text";
        if (!members.Kept("annotations") && (part.Citations.Count > 0 || (output && !members.IsNative)))
        {
            members.Name("annotations");
            json.WriteStartArray();
            foreach (var citation in part.Citations) Annotation(json, citation, part.Text.Length, context);
            json.WriteEndArray();
        }
        if (!members.Kept("logprobs") && output && logprobs is not null && !members.IsNative)
        {
            members.Name("logprobs");
            Logprobs(json, logprobs);
        }
        if (part.Cache is not null && !members.IsNative && context.TakesCacheBreakpoints) CacheBreakpoints.Write(json);
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>True when an annotation can be written for a citation.</summary>
    public static bool IsAnnotation(Citation citation) => ResponsesNotes.IsNative(citation.Notes) || citation.Url is not null;

    /// <summary>Writes an annotation; a source without an address cannot be said and is reported.</summary>
    public static void Annotation(Utf8JsonWriter json, Citation citation, int textLength, TranslationContext context)
    {
        if (!IsAnnotation(citation))
        {
            context.Losses.Dropped("output.citations", $"{WireFormatId.OpenAIResponses} has no annotation for a source of kind {citation.Kind}");
            return;
        }
        context.Losses.Unknown(citation.Notes, WireFormatId.OpenAIResponses, "output.citations");
        json.WriteStartObject();
        var members = new ResponsesMembers(json, citation.Notes);
        members.String("type", members.IsNative ? citation.Kind : "url_citation");
        members.Number("start_index", (long?)citation.StartIndex ?? (members.IsNative ? null : 0));
        members.Number("end_index", (long?)citation.EndIndex ?? (members.IsNative ? null : textLength));
        members.String("url", citation.Url);
        members.String("title", citation.Title ?? (members.IsNative ? null : ""));
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>Writes token probabilities as an array.</summary>
    public static void Logprobs(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens)
    {
        json.WriteStartArray();
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            Token(json, token);
            json.WriteStartArray("top_logprobs"u8);
            foreach (var top in token.Top)
            {
                json.WriteStartObject();
                Token(json, top);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes a refusal part.</summary>
    public static void Refusal(Utf8JsonWriter json, RefusalPart part)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, part.Notes);
        members.Type("refusal");
        members.String("refusal", part.Text);
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>Writes an inline or addressed image or document as an input part. The caller has made sure that it can be said.</summary>
    public static void Media(Utf8JsonWriter json, MediaPart part, TranslationContext context)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, part.Notes);
        bool file = members.Has(ResponsesNotes.File) || part.Kind == MediaKind.Document;
        bool image = !file && part.Kind == MediaKind.Image, audio = !file && part.Kind == MediaKind.Audio;
        members.Type(image ? "input_image" : audio ? "input_audio" : "input_file");
        switch (part.Source)
        {
            case InlineMedia inline when audio: Audio(json, members, inline); break;
            case InlineMedia inline:
                string member = image ? "image_url" : "file_data";
                if (!image) members.String("filename", part.Title ?? (members.IsNative ? null : FileName(inline.MediaType)));
                if (!members.Kept(member) && !members.Kept("file_url")) members.String(member, DataUrl.From(inline, image ? "image/png" : "application/pdf"));
                break;
            case UrlMedia url:
                members.String(image ? "image_url" : "file_url", url.Url);
                if (!image && members.IsNative) members.String("filename", part.Title);
                break;
            case FileMedia uploaded:
                members.String("file_id", uploaded.FileId);
                if (!image && members.IsNative) members.String("filename", part.Title);
                break;
            default: break;
        }
        if (image) members.String("detail", part.Detail ?? (members.IsNative ? null : "auto"));
        if (part.Cache is not null && !members.IsNative && context.TakesCacheBreakpoints) CacheBreakpoints.Write(json);
        members.Rest();
        json.WriteEndObject();
    }

    private static void Audio(Utf8JsonWriter json, ResponsesMembers members, InlineMedia inline)
    {
        members.Name("input_audio");
        json.WriteStartObject();
        json.WriteString("data"u8, inline.Base64);
        json.WriteString("format"u8, AudioFormats.FromMediaType(inline.MediaType));
        json.WriteEndObject();
    }

    // OpenAI refuses file_data without a file name, and goes by its ending.
    private static string FileName(string? mediaType) => mediaType switch
    {
        null or "application/pdf" => "document.pdf",
        "text/plain" => "document.txt",
        "text/markdown" => "document.md",
        "text/csv" => "document.csv",
        "text/html" => "document.html",
        "application/json" => "document.json",
        _ => "document",
    };

    private static void Token(Utf8JsonWriter json, TokenLogprob token)
    {
        json.WriteString("token"u8, token.Token);
        json.WriteNumber("logprob"u8, token.Logprob);
        json.WriteStartArray("bytes"u8);
        foreach (int value in token.Bytes ?? [.. System.Text.Encoding.UTF8.GetBytes(token.Token)]) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, IReadOnlyList<string> texts, ReadOnlySpan<byte> type)
    {
        json.WriteStartArray();
        foreach (string text in texts)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
