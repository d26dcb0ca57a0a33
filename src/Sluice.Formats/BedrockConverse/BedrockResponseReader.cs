using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Reads whole answers. They name neither an id nor the model.</summary>
internal static class BedrockResponseReader
{
    // Latency and traces tell about the service, not about the answer.
    private static readonly FrozenSet<string> Known = FrozenSet.Create("output", "stopReason", "usage", "metrics", "trace", "serviceTier", "performanceConfig");

    /// <summary>Reads an answer.</summary>
    public static ChatResponse Read(JsonElement root, TranslationContext context)
    {
        var message = root.Object("output"u8)?.Object("message"u8, "output") ?? throw new WireFormatException("output.message", "is missing; an object was expected");
        var parts = new List<Part>();
        if (message.Array("content"u8, "output.message") is { } content)
        {
            foreach (var block in content.EnumerateArray()) parts.Add(BedrockBlockReader.Read(block, $"output.message.content[{parts.Count}]", context));
        }
        return new ChatResponse
        {
            Model = context.UpstreamModel,
            Candidates = [new Candidate { Parts = parts, FinishReason = root.String("stopReason"u8) is { } reason ? BedrockFinish.Read(reason) : null }],
            Usage = BedrockUsage.ReadFrom(root),
            ServiceTier = root.Get("serviceTier"u8)?.Text("type"u8),
            Notes = NotesBuilder.Of(WireFormatId.BedrockConverse, root, Known),
        };
    }
}
