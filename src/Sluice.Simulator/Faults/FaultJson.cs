using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Faults;

/// <summary>Reads a control call.</summary>
internal static class FaultJson
{
    /// <summary>Carries out a control call, or an array of them; null, or what is wrong with it.</summary>
    public static string? Order(FaultDesk desk, RequestLimits limits, JsonElement call)
    {
        if (call.ValueKind == JsonValueKind.Array)
            return call.EnumerateArray().Select(item => Order(desk, limits, item)).FirstOrDefault(problem => problem is not null);
        if (call.ValueKind != JsonValueKind.Object)
            return "a control call is an object";
        var provider = call.Text("provider") ?? "*";
        var faults = new List<Fault>();
        foreach (var item in call.Items("faults"))
        {
            if (Read(item, out var fault) is { } problem)
                return problem;
            faults.Add(fault);
        }

        if (call.Real("probability") is { } probability)
        {
            foreach (var kind in call.Items("kinds"))
            {
                if (!FaultText.TryParseKind(kind.GetString() ?? "", out var parsed))
                    return $"unknown fault kind '{kind}'";
                faults.Add(Usual(parsed));
            }

            desk.SetProbability(provider, probability, call.Number("seed") ?? 1, faults);
            return null;
        }

        if (call.Number("rpm") is { } requestsPerMinute)
        {
            limits.Set(provider, requestsPerMinute);
            if (faults.Count == 0)
                return null;
        }

        if (faults.Count == 0)
            return "a control call needs 'faults', 'probability' with 'kinds' or 'faults', or 'rpm'";
        desk.Enqueue(provider, faults, call.Number("repeat") ?? 1);
        return null;
    }

    private static string? Read(JsonElement item, out Fault fault)
    {
        fault = new Fault();
        if (item.ValueKind == JsonValueKind.String)
            return FaultText.TryParse(item.GetString()!, out fault, out var wrong) ? null : wrong;
        if (item.ValueKind != JsonValueKind.Object || !item.Has("kind", out _))
            return "a fault is an object with a kind";
        foreach (var member in item.EnumerateObject())
        {
            var value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
            if (member.Value.ValueKind != JsonValueKind.Null && !FaultText.TrySet(ref fault, member.Name, value, out var problem))
                return problem;
        }

        return null;
    }

    /// <summary>A kind drawn by chance, with values that a test can wait for.</summary>
    private static Fault Usual(FaultKind kind) => kind switch
    {
        FaultKind.Status => Fault.WithStatus(503),
        FaultKind.Stall => Fault.StallBeforeHeaders(TimeSpan.FromSeconds(5)),
        FaultKind.Reset or FaultKind.Close => new Fault { Kind = kind, AtByte = 40 },
        FaultKind.Slow => Fault.Slow(TimeSpan.FromMilliseconds(20)),
        FaultKind.Error => Fault.ErrorAt(0),
        _ => Fault.Of(kind),
    };
}
