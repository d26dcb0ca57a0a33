using Sluice.Errors;

namespace Sluice.Formats.Shared;

/// <summary>Finds the kind of a provider's error from its status, code, type and words, where the status alone says too little.</summary>
public static class ErrorClassifier
{
    /// <summary>The kind of an error.</summary>
    /// <param name="status">HTTP status; 0 for an error inside a stream.</param>
    /// <param name="code">The provider's code.</param>
    /// <param name="type">The provider's type.</param>
    /// <param name="message">The provider's words.</param>
    public static ErrorKind Classify(int status, string? code, string? type, string? message)
    {
        if (ContextOverflow.IsSaid(status, code, type, message)) return ErrorKind.ContextTooLong;
        if (Has(code, "insufficient_quota") || Has(type, "insufficient_quota") || Has(type, "billing_error") || Has(message, "credit balance")) return ErrorKind.QuotaSpent;
        if (Has(code, "content_filter") || Has(code, "content_policy") || Has(type, "content_filter")) return ErrorKind.ContentFilter;
        if (status != 0 && status < 500 && status != 400) return GatewayError.KindOfStatus(status);
        if (Has(type, "overloaded") || Has(code, "overloaded") || Has(code, "unavailable") || Has(type, "unavailable") || Has(code, "capacity")) return ErrorKind.Overloaded;
        if (Has(type, "rate_limit") || Has(code, "rate_limit") || Has(code, "resource_exhausted")) return ErrorKind.RateLimited;
        if (Has(type, "authentication") || Has(code, "invalid_api_key") || Has(message, "API key not valid")) return ErrorKind.Authentication;
        if (Has(type, "permission") || Has(code, "permission")) return ErrorKind.Permission;
        if (Has(type, "not_found") || Has(code, "model_not_found")) return ErrorKind.NotFound;
        if (Has(code, "deadline") || Has(type, "timeout")) return ErrorKind.Timeout;
        if (status == 0 && (Has(type, "invalid_request") || Has(code, "invalid_argument"))) return ErrorKind.InvalidRequest;
        return status == 0 ? ErrorKind.Upstream : GatewayError.KindOfStatus(status);
    }

    /// <summary>OpenAI's code for what is not there: a missing path, file or response is no missing model.</summary>
    public static string NotFoundCode(GatewayError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Param == "model" || Has(error.Message, "model") || Has(error.Code, "model") || Has(error.Type, "model") ? "model_not_found" : "not_found";
    }

    private static bool Has(string? text, string part) => text is not null && text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
