using System.Text;
using System.Text.Json;
using Sluice.Formats.Tests.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

/// <summary>Spoiled bodies of Ollama's own: there are no recordings of them to spoil.</summary>
public sealed class OllamaFuzzTests
{
    private const int Rounds = 300;

    private static JsonDocumentOptions Deep { get; } = new() { MaxDepth = 256 };

    [Fact]
    public void DecodeRequest_OfSpoiledBodies_IsAValueOrAnError() => Spoil(OllamaSamples.Requests, static body =>
    {
        var request = new WireRequest { Body = body };
        if (JsonMembers.Scan(body, out _) is { } members) Ollama.Format.ReadHead(request, members);
        var outcome = Ollama.Format.DecodeRequest(request);
        if (outcome.IsSuccess) JsonDocument.Parse(Ollama.Write(outcome.Value, Ollama.Context(WireFormatId.OllamaChat)), Deep).Dispose();
        else outcome.Error.Message.ShouldNotBeNullOrWhiteSpace();
    });

    [Fact]
    public void DecodeResponse_OfSpoiledBodies_IsAValueOrAnError() => Spoil(OllamaSamples.Answers, static body =>
    {
        Ollama.Format.DecodeError(500, body).Message.ShouldNotBeNullOrWhiteSpace();
        Ollama.Format.CreateTap(stream: true).Observe(StreamFrame.OfData(body));
        var outcome = Ollama.Format.DecodeResponse(body, Ollama.Context(WireFormatId.OllamaChat));
        if (outcome.IsSuccess) JsonDocument.Parse(Ollama.Write(outcome.Value, Ollama.Context(WireFormatId.OllamaChat)), Deep).Dispose();
        else outcome.Error.Message.ShouldNotBeNullOrWhiteSpace();
    });

    [Fact]
    public void Decode_OfSpoiledStreams_IsLegalToItsEnd()
    {
        for (int seed = 0; seed < Rounds * 10; seed++)
        {
            string[] lines = Ollama.Lines(LegalStreams.Make(seed).Events, Ollama.Context(WireFormatId.OllamaChat));
            byte[] spoiled = new Mutations(seed).Spoil(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

            Ollama.Events([spoiled]).ShouldNotBeEmpty($"seed {seed}");
        }
    }

    private static void Spoil(TheoryData<string> samples, Action<byte[]> check)
    {
        int seed = 0;
        foreach (string sample in samples.Select(row => row.Data))
        {
            byte[] body = Encoding.UTF8.GetBytes(sample);
            for (int round = 0; round < Rounds; round++)
            {
                byte[] spoiled = new Mutations(++seed).Spoil(body);
                try
                {
                    check(spoiled);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {seed}: {Encoding.UTF8.GetString(spoiled)}", e);
                }
            }
        }
    }
}
