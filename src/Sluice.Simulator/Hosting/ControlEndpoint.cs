using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Simulator.Faults;

namespace Sluice.Simulator.Hosting;

/// <summary><c>POST /__control</c>, <c>POST /__control/reset</c>, <c>GET /__control/state</c>; every other path is a 404 that lists what there is.</summary>
internal sealed class ControlEndpoint(FaultDesk faults, RequestLimits limits, SimulatorRecorder requests)
{
    private const int MaxBytes = 1024 * 1024;

    public async Task ServeAsync(HttpContext context, string path)
    {
        switch (context.Request.Method, path)
        {
            case ("POST", "/__control"):
                await OrderAsync(context);
                break;
            case ("POST", "/__control/reset"):
                faults.Reset();
                limits.Reset();
                requests.Clear();
                await WriteAsync(context, 200, WriteState);
                break;
            case ("GET", "/__control/state"):
                await WriteAsync(context, 200, WriteState);
                break;
            case ("GET" or "HEAD", "/"):
                await WriteAsync(context, 200, WriteIndex);
                break;
            default:
                await WriteAsync(context, 404, WriteIndex);
                break;
        }
    }

    private async Task OrderAsync(HttpContext context)
    {
        string problem;
        try
        {
            if (context.Request.ContentLength > MaxBytes)
                throw new JsonException("larger than 1 MiB");
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            problem = FaultJson.Order(faults, limits, body.RootElement) ?? "";
        }
        catch (JsonException exception)
        {
            problem = "the control call is not JSON: " + exception.Message;
        }

        if (problem.Length == 0)
            await WriteAsync(context, 200, WriteState);
        else
            await WriteAsync(context, 400, writer => WriteProblem(writer, problem));
    }

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, write, static (writer, body) => body(writer));
        frames.Cut();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = frames.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(frames.All, context.RequestAborted);
    }

    private static void WriteProblem(Utf8JsonWriter writer, string problem)
    {
        writer.WriteStartObject();
        writer.WriteString("error", problem);
        writer.WriteEndObject();
    }

    private static void WriteIndex(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("simulated");
        foreach (var address in (string[])["/openai/v1", "/anthropic/v1", "/gemini/v1beta", "/ollama/api", "/cohere/v2", "/mistral/v1"])
            writer.WriteStringValue(address);
        writer.WriteEndArray();
        writer.WriteString("control", "POST /__control, POST /__control/reset, GET /__control/state");
        writer.WriteEndObject();
    }

    private void WriteState(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("received", requests.Received);
        writer.WriteNumber("answered", requests.Answered);
        writer.WriteNumber("aborted", requests.Aborted);
        writer.WriteNumber("faulted", requests.Faulted);
        writer.WriteNumber("open", requests.Open);
        writer.WriteStartObject("waiting");
        foreach (var (provider, count) in faults.Waiting())
            writer.WriteNumber(provider, count);
        writer.WriteEndObject();
        writer.WriteStartObject("probability");
        foreach (var (provider, probability) in faults.Probabilities())
            writer.WriteNumber(provider, probability);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
