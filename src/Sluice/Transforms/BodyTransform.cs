using System.Text.Json;
using Sluice.Transforms.Json;
using Sluice.Transforms.Rules;
using Sluice.Transforms.Streams;
using Sluice.Transforms.Texts;
using Sluice.Wire;

namespace Sluice.Transforms;

/// <summary>Applies rules to a whole body of a dialect, in the order written. What no rule changes keeps its bytes.</summary>
internal static class BodyTransform
{
    /// <summary>Gives the body with the rules applied; what could not apply goes to the report.</summary>
    /// <param name="body">A JSON document.</param>
    /// <param name="rules">The rules that fit the call.</param>
    /// <param name="format">The client's dialect.</param>
    /// <param name="dialect">Where its texts are; <see langword="null"/> where that is not known.</param>
    /// <param name="isRequest">True for a request, false for an answer.</param>
    /// <param name="losses">Takes what could not apply.</param>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, TransformRule[] rules, WireFormatId format, IDialectTexts? dialect, bool isRequest, LossReport losses)
    {
        for (int i = 0; i < rules.Length; i++)
        {
            if (rules[i].Parameters is { } parameters)
            {
                body = parameters.Apply(body, format);
                continue;
            }
            if (JsonTree.Parse(body) is not { } tree) throw new JsonException("a rule cannot look into what is no JSON");
            var edits = new TreeEdits(tree);
            if (rules[i].Edit is { } edit)
            {
                if (edit.Apply(tree, edits, EditScope.Body(isRequest)) is { } obstacle) losses.Dropped(rules[i].Name, obstacle);
            }
            else
            {
                // Neighbours are taken together: the texts are found once.
                int first = i;
                while (i + 1 < rules.Length && rules[i + 1].Text is not null) i++;
                Replace(tree, edits, rules[first..(i + 1)], dialect, isRequest, losses);
            }
            if (!edits.IsEmpty) body = edits.Apply();
        }
        return body;
    }

    /// <summary>Replaces in texts that are whole.</summary>
    public static void Replace(TextPlaces places, TreeEdits edits, IReadOnlyList<TextReplacement> rules, LossReport losses)
    {
        foreach (var (node, isJson) in places.Places)
        {
            string text = places.Tree.Text(node);
            string replaced = TextStream.Apply(rules, text, isJson);
            if (!string.Equals(text, replaced, StringComparison.Ordinal)) edits.Replace(node, JsonStrings.Quote(replaced));
        }
        foreach (var (node, blank) in places.Repeats) edits.Replace(node, blank);
        foreach (var (path, reason) in places.Skipped) losses.Dropped(path, reason);
    }

    private static void Replace(JsonTree tree, TreeEdits edits, TransformRule[] rules, IDialectTexts? dialect, bool isRequest, LossReport losses)
    {
        if (dialect is null)
        {
            foreach (var rule in rules) losses.Dropped(rule.Name, "the texts of this dialect are not known");
            return;
        }
        var places = new TextPlaces(tree);
        if (isRequest) dialect.Request(places);
        else dialect.Answer(places);
        Replace(places, edits, [.. rules.Select(r => r.Text!)], losses);
    }
}
