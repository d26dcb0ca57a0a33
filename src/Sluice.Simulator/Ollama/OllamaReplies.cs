using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Ollama;

/// <summary>Whole answers, errors and times in Ollama's form.</summary>
internal static class OllamaReplies
{
    public static Reply Whole<TState>(TState state, Action<Utf8JsonWriter, TState> write, int status = 200)
    {
        var frames = new Frames();
        Json.WriteEscaping(frames.Writer, state, write);
        frames.Cut();
        return new Reply { Status = status, ContentType = "application/json; charset=utf-8", Frames = frames };
    }

    public static Reply Text(SimulatedCall call, string text, int status = 200)
    {
        var frames = new Frames(64);
        frames.Add(call.Method == "HEAD" ? [] : Encoding.UTF8.GetBytes(text));
        return new Reply { Status = status, ContentType = "text/plain; charset=utf-8", Frames = frames };
    }

    public static Reply Error(SimulatedCall call, ProviderError error)
    {
        var reply = Whole(Message(call, error), static (writer, message) => WriteError(writer, message), error.Status);
        return error.Status == 429 ? reply.With("retry-after", error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)) : reply;
    }

    public static void WriteErrorLine(Frames frames, SimulatedCall call, ProviderError error)
    {
        Json.WriteEscaping(frames.Writer, Message(call, error), static (writer, message) => WriteError(writer, message));
        frames.Write("\n"u8);
        frames.Cut();
    }

    /// <summary>RFC 3339 with nanoseconds, as Go writes it.</summary>
    public static string Now(SimulatedCall call) =>
        call.Stage.Options.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    private static void WriteError(Utf8JsonWriter writer, string message)
    {
        writer.WriteStartObject();
        writer.WriteString("error", message);
        writer.WriteEndObject();
    }

    private static string Message(SimulatedCall call, ProviderError error) => error.Message ?? (error.Code, error.Status) switch
    {
        ("context", _) => "input length exceeds maximum context length",
        (_, 400) => "invalid request",
        (_, 401) => "unauthorized",
        (_, 403) => "this model requires a subscription, upgrade for access: https://ollama.com/upgrade",
        (_, 404) => $"model '{call.Model}' not found",
        (_, 413) => "http: request body too large",
        (_, 429) => "you've reached your hourly usage limit, please upgrade to continue",
        (_, 503) => "server busy, please try again.  maximum pending requests exceeded",
        _ => "llama runner process has terminated: exit status 2",
    };
}
