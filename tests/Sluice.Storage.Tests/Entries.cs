namespace Sluice.Storage.Tests;

/// <summary>Entries, reservations and keys to store.</summary>
internal static class Entries
{
    public static DateTimeOffset Noon { get; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static LedgerEntry Call(string id, decimal? cost = 0.0003589m, string? key = "key_1") => new()
    {
        Id = id,
        StartedAt = Noon,
        Duration = TimeSpan.FromMilliseconds(1234.567),
        FirstContent = TimeSpan.FromMilliseconds(321),
        Format = "openai-chat",
        Status = 200,
        Outcome = "ok",
        KeyId = key,
        KeyName = key is null ? null : "alice",
        Groups = ["search|team", "company"],
        Route = "smart",
        Provider = "openai",
        Model = "gpt-5.4",
        AnsweredModel = "gpt-5.4-2026-03-05",
        Streamed = true,
        Attempts = """[{"provider":"openai"}]""",
        InputTokens = 100,
        OutputTokens = 20,
        CacheReadTokens = 64,
        CacheWriteTokens = 1,
        ReasoningTokens = 5,
        AudioTokens = 2,
        RawUsage = """{"prompt_tokens":100}""",
        RawUsageFormat = "openai-chat",
        CostUsd = cost,
        Price = """{"basis":"base"}""",
        Labels = new Dictionary<string, string> { ["project"] = "x\"y", ["env"] = "prod" },
    };

    public static BudgetPeriod Today(string scope) => new(scope, "daily", Noon.Date.ToUtc(), Noon.Date.ToUtc().AddDays(1));

    public static Reservation Hold(string id, decimal amount, params BudgetCap[] caps) => new() { Id = id, Amount = amount, Caps = caps, IfLost = Call(id, amount) with { Outcome = "lost", Estimated = true } };

    public static KeyRecord Key(string name, byte seed = 1) => new()
    {
        Id = "key_" + name,
        Name = name,
        Hash = Enumerable.Repeat(seed, 32).ToArray(),
        Tail = "wxyz",
        Group = "search",
        Models = ["openai/*"],
        Routes = ["smart"],
        Providers = [],
        Limits = new Configuration.LimitsConfig { Rpm = 5, Tpm = 1000, Concurrency = 2, Burst = 0.5, Queue = 7 },
        Budget = new Configuration.BudgetConfig { Daily = 1.5m, Monthly = 20m, TimeZone = "Europe/Berlin", Warn = 0.9, Webhook = new Configuration.Secret("https://hooks.example/abc") },
        ExpiresAt = Noon.AddDays(30),
        Addresses = ["10.0.0.0/8"],
        Labels = new Dictionary<string, string> { ["team"] = "search" },
        CreatedAt = Noon,
    };

    private static DateTimeOffset ToUtc(this DateTime day) => new(day, TimeSpan.Zero);
}
