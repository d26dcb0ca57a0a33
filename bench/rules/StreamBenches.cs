using System.Buffers;
using System.Text;
using Sluice.Formats;
using Sluice.Formats.Framing;
using Sluice.Transforms;
using Sluice.Wire;

namespace Sluice.RuleBench;

/// <summary>A streamed answer of 100 chunks of Chat Completions, 50 bytes of text each.</summary>
internal static class StreamBenches
{
    private const int Chunks = 100;

    private static readonly (string Name, string Rules)[] Rules =
    [
        ("no rule", ""),
        ("`regex`, nothing found", "  - { on: response, regex: { pattern: '\\b\\d{16}\\b', replace: x } }"),
        ("`regex`, found in every chunk", "  - { on: response, regex: { pattern: '\\b12345\\b', replace: x } }"),
        ("two `regex`", "  - { on: response, regex: { pattern: '\\b\\d{16}\\b', replace: x } }\n  - { on: response, regex: { pattern: zebra, replace: x } }"),
        ("`drop`, nothing found", "  - { on: response, drop: \"$.choices[*].logprobs\" }"),
        ("`set` of a member", "  - { on: response, set: { path: $.system_fingerprint, value: x } }"),
    ];

    public static IEnumerable<(string Name, Action Run)> All()
    {
        byte[] stream = Stream();
        var format = WireFormats.Find(WireFormatId.OpenAIChat)!;
        foreach (var (name, rules) in Rules)
        {
            var attempt = Calls.Attempt(Calls.Body(1024), rules);
            var output = new ArrayBufferWriter<byte>(stream.Length * 4);
            yield return ($"stream of {Chunks} chunks: {name}", () =>
            {
                output.ResetWrittenCount();
                var tap = format.CreateTap(stream: true);
                var frames = FrameReaders.Create(format.Framing);
                var transform = CallTransforms.Stream(attempt, null);
                frames.Append(stream);
                while (frames.TryRead(out var frame))
                {
                    tap.Observe(frame);
                    if (transform is null) output.Write(frames.LastRaw.Span);
                    else transform.Take(frame, frames.LastRaw, output);
                }
                transform?.Flush(output);
            });
        }
    }

    private static byte[] Stream()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Chunks; i++)
        {
            text.Append("data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"gpt-bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The quick brown fox jumps over the lazy dog 12345 \"},\"finish_reason\":null}]}\n\n");
        }
        return Encoding.UTF8.GetBytes(text.Append("data: [DONE]\n\n").ToString());
    }
}
