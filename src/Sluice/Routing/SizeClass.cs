using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>Calls of like size, whose times to first content can be compared: by tokens of input, and whether the answer is streamed.</summary>
internal readonly record struct SizeClass(int Index)
{
    private const int Sizes = 4;
    private const int BytesOfToken = 4;

    /// <summary>How many there are.</summary>
    public static int Count => Sizes * 2;

    /// <summary>The class of a call: up to about 1,000 tokens, 8,000, 32,000 and more. By size alone: this runs for every attempt.</summary>
    public static SizeClass Of(CallContext call)
    {
        long tokens = call.Inbound.Format is Client.DirectFormat ? call.Demand.Tokens : call.Members.Body.Length / BytesOfToken;
        int size = tokens switch { <= 1000 => 0, <= 8000 => 1, <= 32_000 => 2, _ => 3 };
        return new SizeClass(call.Head.Stream ? size : size + Sizes);
    }
}
