using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// The places where a body repeats the model that its path names, as <c>models/NAME</c>: <c>model</c>, <c>requests[].model</c> of
/// <c>batchEmbedContents</c> and <c>generateContentRequest.model</c> of <c>countTokens</c>. Google refuses a body that names another model than its path.
/// </summary>
public static class GeminiBodyModels
{
    /// <summary>Names the model in those places, by edits of the bytes. A body without them is left as it is.</summary>
    /// <param name="members">The scanned body.</param>
    /// <param name="edits">Where the edits go.</param>
    /// <param name="model">The model's name for the upstream; a name with a folder (<c>tunedModels/x</c>) is taken as it is.</param>
    public static void Edit(JsonMembers members, JsonEdits edits, string model)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentNullException.ThrowIfNull(model);
        byte[]? name = null;
        bool isNamed = false;
        for (int i = 0; i < members.Count; i++)
        {
            bool isModel = members.IsNamed(i, "model"u8);
            if (!isModel && !members.IsNamed(i, "requests"u8) && !members.IsNamed(i, "generateContentRequest"u8) && !members.IsNamed(i, "generate_content_request"u8)) continue;
            name ??= JsonOutput.QuotedString(model.Contains('/') ? model : $"models/{model}");
            isNamed |= isModel;
            if (!isModel) EditInside(members.Value(members[i]), members[i].ValueStart, edits, name);
        }
        // Once for all of them: each time goes through every member.
        if (isNamed) edits.Set("model"u8, name);
    }

    // The model of a request is a member of it, not of something deeper.
    private static void EditInside(ReadOnlySpan<byte> json, int offset, JsonEdits edits, byte[] name)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
        int depth = json[0] == (byte)'[' ? 2 : 1;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != depth || !reader.ValueTextEquals("model"u8)) continue;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) continue;
            int start = offset + (int)reader.TokenStartIndex, end = offset + (int)reader.BytesConsumed;
            if (!json[(start - offset)..(end - offset)].SequenceEqual(name)) edits.Replace(start, end, name);
        }
    }
}
