using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>What the Responses API refuses in a conversation: calls without outputs, outputs without calls, and reasoning that is not its own.</summary>
internal static class ResponsesRules
{
    public const string Sealed = "openai-reasoning";

    /// <summary>The API's payloads begin with a version byte and a time: <c>gAAAAAB</c>.</summary>
    public const string PayloadStart = "gAAAAABo";

    public static ProviderError? Check(SimulatedCall call, List<JsonElement> conversation, ResponseStore store)
    {
        var calls = conversation.Where(item => item.Text("type") == "function_call").Select(item => item.Text("call_id") ?? "").ToHashSet();
        var outputs = conversation.Where(item => item.Text("type") == "function_call_output").Select(item => item.Text("call_id") ?? "").ToHashSet();
        foreach (var output in outputs.Where(output => !calls.Contains(output)))
            return new ProviderError(400, "", $"No tool call found for function call output with call_id {output}.", "input");
        foreach (var made in calls.Where(made => !outputs.Contains(made)))
            return new ProviderError(400, "", $"No tool output found for function call {made}.", "input");
        var signed = call.Stage.Options.RequireSignatures || call.Model!.Contains("signed", StringComparison.OrdinalIgnoreCase);
        return signed ? CheckReasoning(call, conversation, store) : null;
    }

    private static ProviderError? CheckReasoning(SimulatedCall call, List<JsonElement> conversation, ResponseStore store)
    {
        var lastUser = conversation.FindLastIndex(item => item.Text("role") == "user");
        var reasoned = false;
        for (var i = 0; i < conversation.Count; i++)
        {
            var item = conversation[i];
            switch (item.Text("type"))
            {
                case "reasoning":
                    var id = item.Text("id") ?? "";
                    if (item.Text("encrypted_content") is { } payload)
                    {
                        if (!IsOurs(call, payload))
                        {
                            return new ProviderError(400, "invalid_encrypted_content",
                                $"The encrypted content {(payload.Length > 8 ? payload[..4] + "..." + payload[^4..] : payload)} could not be verified. Reason: Encrypted content could not be decrypted or parsed.", null);
                        }
                    }
                    else if (!store.KnowsReasoning(id))
                    {
                        return new ProviderError(404, "", $"Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.", "input");
                    }

                    reasoned = true;
                    break;
                case "function_call" when i > lastUser && !reasoned:
                    return new ProviderError(400, "", $"Item '{item.Text("id") ?? item.Text("call_id")}' of type 'function_call' was provided without its required 'reasoning' item: 'rs_{item.Text("id")?.Replace("fc_", "", StringComparison.Ordinal) ?? "unknown"}'.", "input");
                case "function_call_output":
                    reasoned = false;
                    break;
            }

            // Calls of one turn share its reasoning, also when each is followed by its own output.
            if (item.Text("type") == "function_call_output" && i + 1 < conversation.Count && conversation[i + 1].Text("type") is "function_call" or "function_call_output")
                reasoned = true;
        }

        return null;
    }

    public static string Payload(SimulatedCall call) =>
        PayloadStart + Convert.ToBase64String(call.Stage.Signer.Seal(Sealed, call.Stage.Ids.Next())).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static bool IsOurs(SimulatedCall call, string payload) =>
        payload.StartsWith(PayloadStart, StringComparison.Ordinal)
        && Signer.Decode(payload[PayloadStart.Length..]) is { } token && call.Stage.Signer.IsSealed(Sealed, token);
}
