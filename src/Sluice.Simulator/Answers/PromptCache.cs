using System.Collections.Concurrent;

namespace Sluice.Simulator.Answers;

/// <summary>Remembers the beginnings of prompts, as hashes; bounded.</summary>
internal sealed class PromptCache
{
    /// <summary>Prompts shorter than this are never cached unless they are marked: 1,024 tokens.</summary>
    private const int MinImplicit = 4096;
    private const int Step = 512;
    private const int Capacity = 65_536;
    private readonly ConcurrentDictionary<ulong, byte> seen = new();
    private readonly ConcurrentQueue<ulong> order = new();

    /// <summary>Tokens at the beginning of the prompt that an earlier prompt had too, without being asked.</summary>
    public int ReadImplicit(string vendor, PromptMeter prompt)
    {
        if (prompt.Characters < MinImplicit)
            return 0;
        var hit = 0;
        foreach (var (at, hash) in Prefixes(vendor, prompt, at => at >= MinImplicit && at % Step == 0))
        {
            if (!Remember(hash))
                hit = at;
        }

        return PromptMeter.TokensOf(hit);
    }

    /// <summary>What Anthropic does with marked prompts: the longest known prefix is read, the rest up to the last mark is written.</summary>
    public CacheUse UseMarks(string vendor, PromptMeter prompt)
    {
        if (prompt.Marks.Count == 0)
            return default;
        var marks = prompt.Marks.ToDictionary(mark => mark.Characters, mark => mark.OneHour);
        var (read, fiveMinutes, oneHour, last) = (0, 0, 0, 0);
        foreach (var (at, hash) in Prefixes(vendor, prompt, marks.ContainsKey))
        {
            if (!Remember(hash))
            {
                read += fiveMinutes + oneHour + PromptMeter.TokensOf(at) - PromptMeter.TokensOf(last);
                (fiveMinutes, oneHour) = (0, 0);
            }
            else if (marks[at])
            {
                oneHour += PromptMeter.TokensOf(at) - PromptMeter.TokensOf(last);
            }
            else
            {
                fiveMinutes += PromptMeter.TokensOf(at) - PromptMeter.TokensOf(last);
            }

            last = at;
        }

        return new CacheUse(read, fiveMinutes, oneHour);
    }

    private static IEnumerable<(int At, ulong Hash)> Prefixes(string vendor, PromptMeter prompt, Func<int, bool> wanted)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in vendor)
            hash = (hash ^ c) * 1099511628211UL;
        var at = 0;
        foreach (var text in prompt.Texts)
        {
            foreach (var c in text)
            {
                hash = (hash ^ c) * 1099511628211UL;
                if (wanted(++at))
                    yield return (at, hash);
            }
        }
    }

    private bool Remember(ulong hash)
    {
        if (!seen.TryAdd(hash, 0))
            return false;
        order.Enqueue(hash);
        while (seen.Count > Capacity && order.TryDequeue(out var oldest))
            seen.TryRemove(oldest, out _);
        return true;
    }
}

/// <summary>Tokens read from and written to a prompt cache.</summary>
internal readonly record struct CacheUse(int Read, int Write5Minutes, int Write1Hour)
{
    public int Write => Write5Minutes + Write1Hour;
}
