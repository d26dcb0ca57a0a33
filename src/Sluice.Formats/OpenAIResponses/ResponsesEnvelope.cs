using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>What a response object says besides its items.</summary>
internal sealed record ResponseFacts
{
    public required string Id { get; init; }

    public required string Model { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? IncompleteReason { get; init; }

    public GatewayError? Error { get; init; }

    public string? ServiceTier { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>What an upstream of this format said besides.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>Writes a <c>response</c> object. Like OpenAI's own it repeats the settings of its request: strict clients require them.</summary>
internal static class ResponsesEnvelope
{
    /// <summary>Writes the object.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="facts">What it says.</param>
    /// <param name="context">The call; its request is repeated.</param>
    /// <param name="writeOutput">Writes the array of items.</param>
    public static void Write(Utf8JsonWriter json, ResponseFacts facts, TranslationContext context, Action<Utf8JsonWriter> writeOutput)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, facts.Notes);
        // Notes that hold no status were read for another client: then the object is made like any other.
        bool native = !ResponsesNotes.Silent(facts.Notes, "status").IsAbsent;
        members.String("id", facts.Id);
        if (!native) members.String("object", "response");
        members.Name("created_at");
        WriteSeconds(json, facts.CreatedAt);
        if (!native) WriteState(json, members, facts);
        members.String("model", facts.Model);
        members.Name("output");
        writeOutput(json);
        if (!native) ResponsesEcho.Write(json, members, context);
        members.String("service_tier", native ? facts.ServiceTier : ServiceTier(facts.ServiceTier));
        if (facts.Usage is { } usage)
        {
            members.Name("usage");
            ResponsesUsage.Write(json, usage);
        }
        members.Rest();
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, ResponsesMembers members, ResponseFacts facts)
    {
        members.String("status", facts.Status);
        members.Boolean("background", false);
        members.Name("completed_at");
        if (facts.CompletedAt is { } at) WriteSeconds(json, at);
        else json.WriteNullValue();
        members.Name("error");
        if (facts.Error is { } error)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, ResponsesErrors.ResponseCode(error));
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
        members.Name("incomplete_details");
        if (facts.IncompleteReason is { } reason)
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
    }

    // Whole ones: OpenAI's own are, and its .NET SDK throws at others.
    private static void WriteSeconds(Utf8JsonWriter json, DateTimeOffset at) => json.WriteNumberValue(at.ToUnixTimeSeconds());

    // ServiceTier of openapi.json.
    private static string ServiceTier(string? tier) => tier is "auto" or "default" or "flex" or "scale" or "priority" ? tier : "default";
}
