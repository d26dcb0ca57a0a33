using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>What the API refuses in a conversation: unequal numbers of calls and responses, and calls without their thought signature.</summary>
internal static class GenerateRules
{
    public const string CallSignature = "gemini-call";
    public const string TextSignature = "gemini-text";

    private const string Unequal = "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";

    public static bool IsSigned(SimulatedCall call) =>
        call.Stage.Options.RequireSignatures || call.Model!.Contains("signed", StringComparison.OrdinalIgnoreCase);

    public static string? Check(SimulatedCall call, List<JsonElement> contents)
    {
        // Contents of one role that follow each other are one turn: a client may have kept every chunk of a stream as its own.
        var (waiting, answered, callsBefore) = (0, 0, 0);
        string? role = null;
        foreach (var content in contents)
        {
            var own = content.Text("role") == "model" ? "model" : "user";
            if (own != role)
            {
                if (own == "model" && waiting != answered)
                    return Unequal;
                if (own == "user")
                    callsBefore = waiting;
                else
                    (waiting, answered) = (0, 0);
                role = own;
            }

            var (calls, responses) = Counts(content);
            if (responses > 0 && callsBefore == 0)
                return "Please ensure that function response turn comes immediately after a function call turn.";
            waiting += calls;
            answered += responses;
        }

        if (waiting != answered)
            return Unequal;
        return IsSigned(call) ? CheckSignatures(call, contents) : null;
    }

    public static string Sign(SimulatedCall call, string name, JsonElement arguments) =>
        Convert.ToBase64String(call.Stage.Signer.Sign(CallSignature, name + Signer.Canonical(arguments)));

    /// <summary>In the present turn the first call of every step must carry the signature that it came with.</summary>
    private static string? CheckSignatures(SimulatedCall call, List<JsonElement> contents)
    {
        var start = contents.FindLastIndex(content => content.Text("role") is null or "user" && Counts(content).Responses == 0);
        var first = true;
        for (var i = Math.Max(0, start); i < contents.Count; i++)
        {
            if (contents[i].Text("role") != "model")
                first = true;
            foreach (var part in contents[i].Items("parts"))
            {
                if (!first || !part.Has("functionCall", "function_call", out var use))
                    continue;
                first = false;
                var name = use.Text("name") ?? "";
                if (!part.Has("thoughtSignature", "thought_signature", out var signature))
                {
                    return "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. "
                        + $"Additional data, function call `default_api:{name}` , position {i + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.";
                }

                if (!IsOurs(call, name, use, signature.GetString() ?? ""))
                    return "Corrupted thought signature.";
            }
        }

        return null;
    }

    private static bool IsOurs(SimulatedCall call, string name, JsonElement use, string signature)
    {
        // Google lets "skip_thought_signature_validator" pass for calls which another model made. Not here: a model that checks is asked for
        // in order to see whether the true signature came back, and that would hide a lost one.
        if (Signer.Decode(signature) is not { Length: 32 } bytes)
            return false;
        var arguments = use.Has("args", out var given) ? Signer.Canonical(given) : "{}";
        return call.Stage.Signer.IsSignature(CallSignature, name + arguments, bytes);
    }

    private static (int Calls, int Responses) Counts(JsonElement content)
    {
        var (calls, responses) = (0, 0);
        foreach (var part in content.Items("parts"))
        {
            if (part.Has("functionCall", "function_call", out _))
                calls++;
            else if (part.Has("functionResponse", "function_response", out _))
                responses++;
        }

        return (calls, responses);
    }
}
