using Sluice.Errors;

namespace Sluice.Conversations;

/// <summary>OpenAI's errors for stored things that are not there, in its words.</summary>
internal static class StoredResponseErrors
{
    /// <summary>A response that was asked for.</summary>
    public static GatewayError NotFound(string id) => new(ErrorKind.NotFound, $"Response with id '{id}' not found.") { Status = 404, Type = "invalid_request_error" };

    /// <summary>A response that a call wanted to continue.</summary>
    public static GatewayError PreviousNotFound(string id) => new(ErrorKind.InvalidRequest, $"Previous response with id '{id}' not found.")
    {
        Status = 400, // as OpenAI answers it
        Code = "previous_response_not_found",
        Type = "invalid_request_error",
        Param = "previous_response_id",
    };

    /// <summary>An item that a call refers to.</summary>
    public static GatewayError ItemNotFound(string id) => new(ErrorKind.NotFound, $"Item with id '{id}' not found. Items are kept for a bounded time, and not when `store` is set to false. Send the item itself instead.")
    {
        Status = 404,
        Type = "invalid_request_error",
        Param = "input",
    };
}
