using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Arguments that come in pieces (Vertex AI, <c>streamFunctionCallArguments</c>): <c>partialArgs</c> set values at JSON paths; text that comes again at a
/// path goes on. A path that ends with <c>[]</c>, without a value, says that a list is empty. Source: @google/genai <c>PartialArg</c>.
/// </summary>
internal sealed class GeminiPartialArguments
{
    private const int MostSteps = 64;
    private readonly Node _root = new() { Members = [] };

    public void Add(JsonElement pieces)
    {
        if (pieces.ValueKind != JsonValueKind.Array) throw new WireFormatException("functionCall.partialArgs", "must be an array");
        foreach (var piece in pieces.EnumerateArray())
        {
            string path = piece.Text("jsonPath"u8) ?? throw new WireFormatException("functionCall.partialArgs.jsonPath", "is missing");
            bool isEmptyList = path.EndsWith("[]", StringComparison.Ordinal);
            var node = Find(isEmptyList ? path[..^2] : path);
            if (piece.Text("stringValue"u8) is { } text) (node.Text ??= new StringBuilder()).Append(text);
            else if (piece.Get("numberValue"u8) is { ValueKind: JsonValueKind.Number } number) node.Literal = number.GetRawText();
            else if (piece.Get("boolValue"u8) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag) node.Literal = flag.GetRawText();
            else if (piece.TryGetProperty("nullValue"u8, out _)) node.Literal = "null";
            else if (isEmptyList) node.Items ??= [];
        }
    }

    public override string ToString() => JsonOutput.ToRaw(_root, static (writer, root) => root.Write(writer)).ToString();

    private Node Find(string path)
    {
        var node = _root;
        int at = 0, steps = 0;
        if (path.Length > 0 && path[0] == '$') at = 1;
        while (at < path.Length)
        {
            if (++steps > MostSteps) throw new WireFormatException("functionCall.partialArgs.jsonPath", "goes too deep");
            if (path[at] != '[')
            {
                if (path[at] == '.') at++;
                int end = path.AsSpan(at).IndexOfAny('.', '[');
                string name = end < 0 ? path[at..] : path.Substring(at, end);
                at += name.Length;
                if (name.Length > 0) node = node.Member(name);
                continue;
            }
            int close = path.IndexOf(']', at);
            if (close < 0) throw new WireFormatException("functionCall.partialArgs.jsonPath", "is no JSON path");
            string inner = path[(at + 1)..close];
            at = close + 1;
            node = int.TryParse(inner, out int index) ? node.Item(index) : node.Member(inner.Trim('\'', '"'));
        }
        return node;
    }

    private sealed class Node
    {
        public Dictionary<string, Node>? Members { get; set; }

        public List<Node>? Items { get; set; }

        public StringBuilder? Text { get; set; }

        public string? Literal { get; set; }

        public Node Member(string name)
        {
            Members ??= [];
            if (!Members.TryGetValue(name, out var node)) Members[name] = node = new Node();
            return node;
        }

        // Pieces come in order: a gap is a fault, and a way to ask for much memory with few bytes.
        public Node Item(int index)
        {
            Items ??= [];
            if (index < 0 || index > Items.Count) throw new WireFormatException("functionCall.partialArgs.jsonPath", "leaves a gap in a list");
            if (index == Items.Count) Items.Add(new Node());
            return Items[index];
        }

        public void Write(Utf8JsonWriter writer)
        {
            if (Text is not null) writer.WriteStringValue(SplitText.Join(Text.ToString(), isLast: true, out _));
            else if (Literal is not null) writer.WriteRawValue(Literal, skipInputValidation: true);
            else if (Items is not null) WriteItems(writer);
            else WriteMembers(writer);
        }

        private void WriteItems(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (var item in Items!) item.Write(writer);
            writer.WriteEndArray();
        }

        private void WriteMembers(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach (var (name, member) in Members ?? [])
            {
                writer.WritePropertyName(name);
                member.Write(writer);
            }
            writer.WriteEndObject();
        }
    }
}
